"""Small rooms, for those who run the meeting."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.ballots import actions, queries
from circlekeeper.areas.ballots.forms import VISITED, RoomsForm
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def rooms(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Open small rooms, note that one looked in, and close them."""
    meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    names = _names(group_id, meeting_id)
    one_each = safeguards.settings_for(group_id).value("small-rooms") == "one-each"
    sent = request.POST if request.POST.get("do") == "open" else None
    form = RoomsForm(sent, people=sorted(names.items(), key=lambda pair: pair[1]), one_each=one_each)
    if request.method == "POST" and (sent is None or form.is_valid()):
        try:
            _act(request, form, group_id, meeting_id)
            return HttpResponseRedirect(reverse("ballots:rooms", args=[group_id, meeting_id]))
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    found = queries.open_rooms(group_id=group_id, meeting_id=meeting_id, now=clock.now())
    shown = {
        "form": form,
        "meeting": meeting,
        "one_each": one_each,
        "rooms": [_shown(each, names, meeting) for each in found],
        "back": reverse("meetings:cockpit", args=[group_id, meeting_id]),
    }
    return render(request, "ballots/rooms.html", shown, status=422 if form.errors else 200)


def _names(group_id: str, meeting_id: str) -> dict[str, str]:
    """Those of the team who said that they are at this meeting."""
    there = {each.person_id for each in meetings.helpers(meeting_id) if each.confirmed_at}
    team = accounts.handles(accounts.people_with_role(group_id))
    return {person: name for person, name in team.items() if person in there}


def _act(request: HttpRequest, form: RoomsForm, group_id: str, meeting_id: str) -> None:
    do, by = request.POST.get("do", ""), request.who.id  # type: ignore[attr-defined]
    where: dict[str, Any] = {"by": by, "group_id": group_id, "meeting_id": meeting_id, "now": clock.now()}
    if do == "open":
        chosen = [value for value in form.cleaned_data.values() if value]
        actions.open_rooms(stays=["" if each == VISITED else each for each in chosen], **where)
    elif do == "visit":
        actions.visit_room(room_id=request.POST.get("room", ""), **where)
    elif do == "close":
        actions.close_rooms(**where)
    else:
        raise NotHere


def _shown(found: queries.RoomFacts, names: dict[str, str], meeting: meetings.MeetingFacts) -> dict[str, Any]:
    return {
        "id": found.id,
        "number": found.number,
        "stays": names.get(found.stays, "") if found.stays else "",
        "visited": meeting.clock(found.visited_at) if found.visited_at else "",
        "by": meeting.clock(found.visit_by) if found.visit_by else "",
        "late": found.late,
    }
