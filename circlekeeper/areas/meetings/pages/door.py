"""What the holder of a personal link sees. Works without script; the token in the address is all they need."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.models import ArrivalState
from circlekeeper.areas.meetings.rules import DoorAnswer
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

DEVICE_COOKIE = "ck_door"
REFRESH_SECONDS = 10


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The waiting room: before, while waiting, and once let in."""
    now = clock.now()
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    if request.method == "POST":
        return _post(request, token, device)
    try:
        place = queries.place(token=token, device=device, now=now)
    except NotHere:
        return render(request, "meetings/door_gone.html", status=404)
    waiting = place.state in (ArrivalState.WAITING, ArrivalState.HELD)
    shown = {
        "token": token,
        "place": place,
        "meeting": place.meeting,
        "step": _step(place),
        "norms": agreements.norms(place.meeting.group_id),
        "live": {"seconds": REFRESH_SECONDS, "source": f"/live/m/{token}/"} if waiting else None,
    }
    return render(request, "meetings/door.html", shown)


def _step(place: queries.Place) -> str:
    """Which of the door's few faces to show."""
    if place.answer in (DoorAnswer.OVER, DoorAnswer.REVOKED, DoorAnswer.TOO_EARLY, DoorAnswer.LOCKED):
        # Someone inside stays inside when the doors are locked behind them.
        inside = place.answer is DoorAnswer.LOCKED and place.state == ArrivalState.ADMITTED
        return "admitted" if inside else str(place.answer)
    if place.state is None or place.state == ArrivalState.LEFT:
        return "arrive"
    return str(place.state)


def _post(request: HttpRequest, token: str, device: str) -> HttpResponse:
    back = HttpResponseRedirect(reverse("door", args=[token]))
    now = clock.now()
    if request.POST.get("do") == "leave":
        actions.step_out(by="visitor", token=token, device=device, now=now)
        return back
    device = device or new_id()
    actions.arrive(by="visitor", token=token, device=device, now=now)
    back.set_cookie(
        DEVICE_COOKIE, device, max_age=86400, path="/m/", httponly=True, secure=settings.HTTPS, samesite="Lax"
    )
    return back


@page(needs=Permission.ANYONE)
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """An admitted person goes in: their way in is minted now and nowhere written down."""
    now = clock.now()
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    meeting_id = actions.go_in(by="visitor", token=token, device=device, now=now)
    way = queries.way_in(meeting_id=meeting_id, now=now)
    return HttpResponseRedirect(way or reverse("door", args=[token]))


@page(needs=Permission.OWN, methods=("POST",))
def my_door(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """A member asks for their personal link from their own page."""
    who = request.who  # type: ignore[attr-defined]
    token = actions.give_link(by=who.id, group_id=who.group_id, meeting_id=meeting_id, now=clock.now())
    return HttpResponseRedirect(reverse("door", args=[token]))
