"""A list on the phone of whoever stands at the door. It works without network once it is open, and is gone at the close."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.venues import queries
from circlekeeper.areas.venues.queries.doorlist import may_hold
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

# A tick that waited longer than this for the network counts as made now.
_LONGEST_WAIT = timedelta(hours=2)
# Without network nobody tells a phone that the meeting was closed; it forgets the names by itself.
_FORGETS_AFTER = timedelta(minutes=30)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"), keys=True)
def door_list(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Who may come in, one button each (FMT2, FMT3)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    if not meeting.in_a_room:
        raise NotHere
    holds, refused = may_hold(who.id, meeting_id), ""
    if request.method == "POST":
        if not holds:
            raise NotHere
        try:
            _do(request, group_id, meeting_id, now)
            return HttpResponseRedirect(reverse("venues:door-list", args=[group_id, meeting_id]))
        except Refused as refusal:
            refused = refusal.sentence
            meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    found = queries.door_list(ring=who.ring, meeting=meeting, now=now) if holds and meeting.running else None
    shown = {
        "group_id": group_id,
        "meeting": meeting,
        "holds": holds,
        "list": found,
        "refused": refused,
        "forgets": int((meeting.ends_at + _FORGETS_AFTER).timestamp() * 1000),
        "back": reverse("meetings:cockpit", args=[group_id, meeting_id]),
    }
    return render(request, "venues/door_list.html", shown, status=409 if refused else 200)


def _do(request: HttpRequest, group_id: str, meeting_id: str, now: datetime) -> None:
    by, member_id = request.who.id, request.POST.get("member", "")  # type: ignore[attr-defined]
    where = {"by": by, "group_id": group_id, "meeting_id": meeting_id, "member_id": member_id}
    if request.POST.get("do") == "tick":
        meetings_do.tick(came_at=_came_at(request.POST.get("ago", ""), now), now=now, **where)
    elif request.POST.get("do") == "untick":
        meetings_do.untick(now=now, **where)
    else:
        raise NotHere


def _came_at(ago: str, now: datetime) -> datetime:
    """When a tick was made that waited ``ago`` seconds on the phone."""
    waited = timedelta(seconds=int(ago)) if ago.isdecimal() and len(ago) < 6 else timedelta()
    return now - waited if waited <= _LONGEST_WAIT else now
