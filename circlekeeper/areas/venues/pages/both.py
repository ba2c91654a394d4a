"""Before a meeting in a room and online at once: devices, rehearsal; and a member's yes or no to a camera (FMT10-FMT12)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.venues import actions, queries
from circlekeeper.areas.venues.forms import RehearsalForm, RoomForm
from circlekeeper.areas.venues.pages.screen import screen_token
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


def _both(group_id: str, meeting_id: str) -> meetings.MeetingFacts:
    meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    if not meeting.is_hybrid:
        raise Refused(_("This meeting is held in one way only. Nothing here needs to be done."))
    return meeting


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def devices(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Go through what the room can pick up, and silence its screen."""
    meeting = _both(group_id, meeting_id)
    found = queries.room(group_id=group_id, meeting_id=meeting_id)
    before = found.states | {"silenced": found.silenced} if found else None
    form = RoomForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        where = _where(request, group_id, meeting_id)
        try:
            actions.check_room(states=form.states, silenced=form.cleaned_data["silenced"], **where)
            return HttpResponseRedirect(reverse("venues:devices", args=[group_id, meeting_id]))
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    looked = _when(meeting, found.at) if found else ""
    shown = _shown(meeting, form) | {"room": found, "looked": looked}
    return render(request, "venues/devices.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def rehearsal(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Try sound, picture and door with one person at home."""
    meeting = _both(group_id, meeting_id)
    form = RehearsalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rehearse(**form.cleaned_data, **_where(request, group_id, meeting_id))
            return HttpResponseRedirect(reverse("meetings:cockpit", args=[group_id, meeting_id]))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    tried = queries.rehearsed_at(meeting_id)
    shown = _shown(meeting, form) | {"tried": _when(meeting, tried) if tried else ""}
    return render(request, "venues/rehearsal.html", shown, status=422 if form.errors else 200)


def _when(meeting: meetings.MeetingFacts, at: datetime) -> str:
    """``23 November, 18:30`` as the group's clock shows it."""
    return date_format(at.astimezone(meeting.zone), "j F, H:i")


def _where(request: HttpRequest, group_id: str, meeting_id: str) -> dict[str, Any]:
    by = request.who.id  # type: ignore[attr-defined]
    return {"by": by, "group_id": group_id, "meeting_id": meeting_id, "now": clock.now()}


def _shown(meeting: meetings.MeetingFacts, form: Any) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "form": form,
        "screen": reverse("screen", args=[screen_token(meeting)]),
        "back": reverse("meetings:cockpit", args=[meeting.group_id, meeting.id]),
    }


@page(needs=Permission.OWN, methods=("GET", "POST"))
def camera(request: HttpRequest) -> HttpResponse:
    """A member says yes or no to the camera in the room of the next meeting. Both answers look alike afterwards."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    meeting = meetings.next_for_member(group_id=who.group_id, now=now)
    asked = meeting is not None and queries.asks_camera(meeting.id)
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if meeting is None or not asked or answer not in ("yes", "no"):
            raise NotHere
        where = {"by": who.id, "group_id": who.group_id, "meeting_id": meeting.id, "now": now}
        actions.answer_camera(yes=answer == "yes", **where)
        return HttpResponseRedirect(reverse("my-room") + "?said")
    shown = {"meeting": meeting if asked else None, "said": "said" in request.GET}
    return render(request, "venues/own_camera.html", shown)
