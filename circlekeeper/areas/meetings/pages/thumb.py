"""The one main button of the moment, within reach of a thumb."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.meetings.queries import AgendaFacts
from circlekeeper.areas.meetings.sources import Part


@dataclass(frozen=True, slots=True)
class Button:
    """``do``: posted to the cockpit; ``url``: where else to go. What cannot be undone is never pressed here, only led to."""

    press: str
    do: str = ""
    url: str = ""
    icon: str = ""
    about: str = ""  # what the words alone do not say, for a reader who does not see the page
    number: int = 0  # of the agenda's part, where that is what is pressed


def main_button(shown: Mapping[str, Any]) -> Button | None:
    """What to press next; None when there is nothing to press but to be there."""
    if shown["part"] is Part.BEFORE:
        return _before(shown)
    if shown["meeting"].running:
        return _running(shown)
    meeting = shown["meeting"]
    if meeting.state != "closed" or shown["debrief"]:
        return None
    url = reverse("meetings:debrief", args=[meeting.group_id, meeting.id])
    return Button(_("Two questions, then you are done"), url=url, icon="next")


def _before(shown: Mapping[str, Any]) -> Button | None:
    if shown["i_must_say"]:
        return Button(_("I will be there"), do="confirm", icon="done")
    if shown["blocking"]:
        first = shown["blocking"][0]
        return Button(first.press, do=first.do, url=first.url, icon="next", about=first.title)
    return None if shown["too_early"] else Button(_("Open the doors"), do="open", icon="door")


def _running(shown: Mapping[str, Any]) -> Button | None:
    waiting = sum(row["state"] == "waiting" for row in shown["waiting"])
    if waiting:
        return Button(
            ngettext("%(n)d waits at the door", "%(n)d wait at the door", waiting) % {"n": waiting},
            url="#doors-head",
            icon="door",
        )
    if shown["over"]:
        return Button(_("Close the meeting"), url="#after", icon="closed")
    if not shown["meeting"].opening_card_at:
        return Button(_("Read the opening card"), url="#card", icon="speak")
    if not shown["locked"]:
        return Button(_("Lock the doors"), do="lock", icon="lock")
    return _agenda(shown["agenda"])


def _agenda(agenda: AgendaFacts) -> Button:
    if agenda.following is not None:
        press = _("Next: %(title)s") if agenda.now else _("Begin: %(title)s")
        press = press % {"title": agenda.following.title}
        return Button(press, do="agenda", number=agenda.following.number, icon="next")
    return Button(_("Close the meeting"), url="#after", icon="closed")
