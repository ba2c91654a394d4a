"""The cockpit: one meeting on one page, for one hand. Before, Doors, Together, After."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.access import queries as access
from circlekeeper.areas.meetings import actions, queries, sources
from circlekeeper.areas.meetings.pages import before, thumb, together
from circlekeeper.areas.meetings.sources import Part
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_MEETING_ACTS: dict[str, Callable[..., Any]] = {
    "open": actions.open_doors,
    "card": actions.read_opening_card,
    "lock": actions.lock_doors,
    "unlock": actions.unlock_doors,
    "resume": actions.resume,
    "close": actions.close_meeting,
    "links": actions.make_links,
    "confirm": actions.confirm_host,
    "probe": actions.try_waiting_room,
}
_ONLY_HERE = _(
    "They cannot come back through our door, but they may still be inside at the service. Put them out there too."
)
_DOOR_ACTS: dict[str, Callable[..., object]] = {
    "admit": actions.admit,
    "hold": actions.hold,
    "remove": actions.remove,
    "ask": actions.ask_at_door,
}


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"), keys=True)
def cockpit(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Run one meeting. What cannot be done now is said on this page; the host loses no time on another one."""
    refused = ""
    if request.method == "POST":
        queries.meeting(group_id=group_id, meeting_id=meeting_id)
        try:
            _act(request, group_id, meeting_id)
            return HttpResponseRedirect(reverse("meetings:cockpit", args=[group_id, meeting_id]))
        except Refused as refusal:
            refused = refusal.sentence
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    shown = {
        "group_id": group_id,
        "meeting": meeting,
        "refused": refused,
        "helping": access.helping(group_id, meeting_id),
        **_parts(meeting, request.who),  # type: ignore[attr-defined]
    }
    shown["thumb"] = thumb.main_button(shown)
    return render(request, "meetings/cockpit.html", shown, status=409 if refused else 200)


def _parts(meeting: queries.MeetingFacts, who: Any) -> dict[str, Any]:
    """What stands on the page: where the meeting is decides which parts."""
    now = clock.now()
    if meeting.state == "planned":
        more = sources.lines(Part.BEFORE, meeting, who, now)
        return {"part": Part.BEFORE, "before_lines": more} | before.shown(meeting, who.id, now)
    if meeting.running:
        added = {
            "door_lines": sources.lines(Part.DOORS, meeting, who, now),
            "together_lines": sources.lines(Part.TOGETHER, meeting, who, now),
            "recording_lines": sources.lines(Part.RECORDING_ASKED, meeting, who, now),
        }
        seen = together.shown(meeting, who, now)
        return {"part": Part.DOORS if seen["at_the_doors"] else Part.TOGETHER} | added | seen
    found = queries.debrief(meeting.id)
    return {"part": Part.AFTER, "debrief": found, "after_lines": sources.lines(Part.AFTER, meeting, who, now)}


def _act(request: HttpRequest, group_id: str, meeting_id: str) -> None:
    do, who, now = request.POST.get("do", ""), request.who, clock.now()  # type: ignore[attr-defined]
    if do in _MEETING_ACTS:
        _MEETING_ACTS[do](by=who.id, group_id=group_id, meeting_id=meeting_id, now=now)
    elif do == "count":
        helped = request.POST.get("helped") == "yes"
        actions.count_card(
            by="system", group_id=group_id, card=request.POST.get("card", ""), helped=helped, now=now
        )
    elif do == "agenda":
        number = request.POST.get("number", "")
        actions.move_agenda(
            by=who.id,
            group_id=group_id,
            meeting_id=meeting_id,
            number=int(number) if number.isdecimal() else -1,
            now=now,
        )
    elif do in _DOOR_ACTS:
        about = {"arrival_id": request.POST.get("arrival", "")}
        if do == "ask":
            about["question"] = request.POST.get("question", "")
        done = _DOOR_ACTS[do](by=who.id, group_id=group_id, now=now, **about)
        if do == "remove" and not done:
            messages.warning(request, _ONLY_HERE)
    else:
        raise NotHere
