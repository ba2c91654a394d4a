"""Codes in words, for pages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.roster import rules
from circlekeeper.areas.roster.models import Name, OpeningReason, State
from circlekeeper.areas.roster.rules.lists import ListFault, Target

STATES: dict[str, Any] = {
    State.APPLIED: _("asked to join"),
    State.INVITED: _("brought along, has not said yes"),
    State.MEMBER: _("member"),
    State.PAUSED: _("on a pause"),
    State.LEFT: _("has left"),
    State.DECLINED: _("was turned down"),
}
PARTS: dict[str, Any] = {
    Name.ALIAS: _("The name you chose"),
    Name.CONTACT: _("How we may reach you"),
    Name.EMERGENCY: _("What helps in an emergency"),
    Name.ACCESS: _("What helps you take part"),
    Name.INTAKE: _("What you wrote when you asked to join"),
}
FIELDS = {
    "alias": _("Name"),
    "says": _("May we reach you?"),
    "channel": _("By"),
    "address": _("Where"),
    "start": _("From"),
    "end": _("Until"),
    "voicemail": _("May we leave a message?"),
    "remind": _("Reminders"),
    "said_on": _("You said so on"),
    "check_again_on": _("We ask again on"),
    "area": _("Where help should go"),
    "number": _("Emergency number there"),
    "person": _("Whom to call"),
    "reach": _("How to reach them"),
    "when": _("When to call them"),
    "knows": _("What that person knows"),
    "naming": _("May we say who is calling?"),
    "needs": _("What would help"),
}
VALUES = {
    "not-asked": _("not asked yet"),
    "no": _("no"),
    "yes": _("yes"),
    "at-times": _("yes, at these times"),
    "mail": _("e-mail"),
    "text": _("text message"),
    "call": _("telephone"),
    "post": _("letter"),
    "True": _("yes"),
    "False": _("no"),
}
REASONS: dict[str, Any] = {
    OpeningReason.DANGER: _("Someone may be in danger"),
    OpeningReason.MISSING: _("They were expected and did not come"),
    OpeningReason.ASKED: _("They asked us to"),
    OpeningReason.CHANGE: _("A meeting is moved or cancelled"),
    OpeningReason.ANSWER: _("To answer someone who asked to join"),
}
TARGETS = {
    Target.DROP: _("Leave it out"),
    Target.NAME: _("The name used in the group"),
    Target.MAIL: _("Mail address"),
    Target.PHONE: _("Telephone number"),
}
LIST_FAULTS = {
    ListFault.EMPTY: _("There is nothing in this file."),
    ListFault.TOO_BIG: _("This file is larger than 10 MB. Take out what is not needed and try again."),
    ListFault.TOO_MANY: _(
        "This list has more than 5,000 rows. Take out those who are gone, or bring it in parts."
    ),
    ListFault.PICTURE: _("This is a picture or a document. Pictures of people or papers are never taken in here."),
    ListFault.OLD_EXCEL: _("This is an old Excel file. Save it as CSV or XLSX and try again."),
    ListFault.WEB_PAGE: _("This is a web page, not a list. Save it as CSV or XLSX and try again."),
    ListFault.BROKEN: _("This file cannot be read. Save it as CSV or XLSX again and try once more."),
    ListFault.BOMB: _("This file unpacks to far more than a list of people. It was not opened."),
}
NO_PEOPLE = _("No people were found in this file: it needs a row of headings and rows below it.")
_HIDDEN = ("zone", "days", "also")


def pairs(held: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """A part of a record as questions and answers. Other ways of reaching somebody follow the first."""
    found = [
        (FIELDS.get(key, key), VALUES.get(str(value), value))
        for key, value in held.items()
        if value not in ("", [], None) and key not in _HIDDEN
    ]
    for way in held.get("also", ()):
        found += pairs(way)
    return found


def way_now(contact: rules.SafeContact, channel: str, *, now: datetime, stands: bool = True) -> str:
    """What a member said about one channel, and whether it still counts, in one sentence."""
    way = contact.way(channel)
    if not way.is_yes:
        return _now("No.")
    answer = rules.may_send(contact, channel, now)
    if answer.verdict is rules.Verdict.NEVER or not stands:
        return _now("Your yes has run out, so nothing is sent. Answer again if you like.")
    until = formats.date_format(date.fromisoformat(way.check_again_on), "j F Y")
    if way.says is rules.Says.YES:
        return _now("Yes, until %(day)s.") % {"day": until}
    days = ", ".join(str(WEEKDAYS[day - 1]) for day in way.days) or _now("every day")
    return _now("Yes, from %(start)s to %(end)s (%(days)s), until %(day)s.") % {
        "start": way.start,
        "end": way.end,
        "days": days,
        "day": until,
    }


def verdict(contact: rules.SafeContact, channel: str, *, now: datetime) -> str:
    """Whether somebody of the team may use this channel at this moment, in one sentence; times are the member's own."""
    answer = rules.may_send(contact, channel, now)
    if answer.verdict is rules.Verdict.NOW:
        return _now("You may, now.")
    if answer.not_before is None:
        return _now("Not any more: their yes has run out. Ask them when you see them.")
    local = answer.not_before.astimezone(ZoneInfo(contact.zone))
    return _now("Not now. Not before %(when)s, by their clock.") % {"when": formats.date_format(local, "l H:i")}
