"""A private note about what was agreed: written by a host, read by the member alone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.actions import Reached
from circlekeeper.areas.meetings.forms import STEP_WORDS, NoteForm
from circlekeeper.areas.meetings.pages import clinical
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

NORMS_CARD = "breaking-norms"
_TOLD = {
    Reached.LETTER: _("It is on their page, and a letter tells them that there is something to read."),
    Reached.BY_HAND: _("It is on their page. They do not want letters: reach them in the way they chose."),
    Reached.OWN_PAGE: _("It is on their page. They read it when they next come there."),
}


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"), keys=True)
def write(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Write to one member, with the step this is; the card's own words are a first draft."""
    who = request.who  # type: ignore[attr-defined]
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    back = reverse("meetings:cockpit", args=[group_id, meeting_id])
    card = queries.card(group_id, NORMS_CARD, meeting.format)
    draft = next((words for tone, words in card.say if tone == "in private"), card.calm)
    aliases = roster.aliases(ring=who.ring, group_id=group_id, states=("member", "paused"))
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        members=sorted(aliases.items(), key=lambda pair: pair[1].casefold()),
        initial={"words": draft},
    )
    warned: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid() and not (warned := clinical.warned(request, group_id, form)):
        try:
            how = actions.send_note(
                by=who.id, ring=who.ring, group_id=group_id, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _TOLD[how])
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    shown = {"form": form, "meeting": meeting, "back": back, **warned}
    return render(request, "meetings/note.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.OWN)
def own(request: HttpRequest) -> HttpResponse:
    """What hosts wrote to this member, and when it is destroyed."""
    who = request.who  # type: ignore[attr-defined]
    found = queries.own_notes(group_id=who.group_id, member_id=who.id, holder=who.member_key)
    return render(request, "meetings/own_notes.html", {"notes": [(each, STEP_WORDS[each.step]) for each in found]})
