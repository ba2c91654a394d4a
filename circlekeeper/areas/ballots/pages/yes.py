"""What needs everybody's yes, for those who run the meeting."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import actions, queries
from circlekeeper.areas.ballots.forms import RecordingAsk, ShareAsk
from circlekeeper.areas.ballots.models import Kind
from circlekeeper.areas.ballots.queries import words
from circlekeeper.areas.ballots.rules import Standing
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

# Whoever of the team ends something may do it for themselves: nobody is to learn who said no.
NOBODY = "visitor"


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"), keys=True)
def yes(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Ask everybody inside about a recording or a screen, see how it stands, end it, or say that something records."""
    meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    asks, problem = _forms(request, meeting), ""
    if request.method == "POST":
        try:
            if _done(request, meeting, asks):
                return HttpResponseRedirect(reverse("ballots:yes", args=[group_id, meeting_id]))
        except Refused as refusal:
            problem = _put(refusal, asks.get(request.POST.get("do", "")))
    shown = {
        "group_id": group_id,
        "meeting": meeting,
        "problem": problem,
        "cards": [_card(kind, form, meeting) for kind, form in asks.items()],
        "back": reverse("meetings:cockpit", args=[group_id, meeting_id]),
    }
    wrong = problem or any(form.errors for form in asks.values())
    return render(request, "ballots/yes.html", shown, status=422 if wrong else 200)


def _forms(request: HttpRequest, meeting: meetings.MeetingFacts) -> dict[str, forms.Form]:
    sent = request.POST.get("do", "")
    people = _people(request, meeting)
    return {
        Kind.RECORDING: RecordingAsk(request.POST if sent == Kind.RECORDING else None, prefix=Kind.RECORDING),
        Kind.SHARE: ShareAsk(request.POST if sent == Kind.SHARE else None, prefix=Kind.SHARE, people=people),
    }


def _people(request: HttpRequest, meeting: meetings.MeetingFacts) -> list[tuple[str, str]]:
    """The host, and everybody inside, by the name they chose."""
    where = {"group_id": meeting.group_id, "meeting_id": meeting.id}
    aliases = roster.aliases(ring=request.who.ring, group_id=meeting.group_id)  # type: ignore[attr-defined]
    names = [
        aliases[each.member_id]
        for each in meetings.at_the_door(**where)
        if each.state == "admitted" and each.member_id in aliases
    ]
    host = _("A host")
    return [(host, host), *((name, name) for name in names)]


def _done(request: HttpRequest, meeting: meetings.MeetingFacts, asks: dict[str, forms.Form]) -> bool:
    """Do what was pressed; False: a form has to be looked at again."""
    do, by = request.POST.get("do", ""), request.who.id  # type: ignore[attr-defined]
    where: dict[str, Any] = {"group_id": meeting.group_id, "meeting_id": meeting.id, "now": clock.now()}
    if do == "end":
        actions.end(by=NOBODY, ballot_id=request.POST.get("ballot", ""), **where)
    elif do == "seen":
        actions.recording_seen(by=by, **where)
    elif do in asks:
        if not asks[do].is_valid():
            return False
        actions.ask(by=by, kind=do, **asks[do].cleaned_data, **where)
    else:
        raise NotHere
    return True


def _put(refusal: Refused, form: forms.Form | None) -> str:
    """Put a refusal at its field; what belongs to none is said on top."""
    if form is not None and refusal.field in form.fields:
        form.add_error(refusal.field, refusal.sentence)
        return ""
    return refusal.sentence


def _card(kind: str, form: forms.Form, meeting: meetings.MeetingFacts) -> dict[str, Any]:
    now, where = clock.now(), {"group_id": meeting.group_id, "meeting_id": meeting.id}
    found = [each for each in queries.ballots(**where, now=now) if each.kind == kind]
    live = [each for each in found if each.standing is not Standing.OVER]
    return {
        "kind": kind,
        "form": form,
        "stands": words.for_hosts(found[0]) if found else "",
        "live": live[0] if live else None,
        "why_not": queries.why_not(meeting, kind=kind, inside=queries.inside(**where), now=now),
    }
