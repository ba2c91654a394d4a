"""What the holder of a personal link sees. Works without script; the token in the address is all they need.

Opening a link shows a page and changes nothing, so a mail program that looks at links does not arrive.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.models import ArrivalState
from circlekeeper.areas.meetings.rules import DoorAnswer
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

DEVICE_COOKIE = "ck_door"
DEVICE_LASTS = 12 * 60 * 60
REFRESH_SECONDS = 10
_WAITING = (ArrivalState.WAITING, ArrivalState.HELD)
_NOT_NOW = (
    DoorAnswer.OVER,
    DoorAnswer.REVOKED,
    DoorAnswer.REMOVED,
    DoorAnswer.TOO_EARLY,
)


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The waiting room: before, while waiting, and once let in."""
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    try:
        if request.method == "POST":
            return _post(request, token, device)
        place = queries.place(token=token, device=device, now=clock.now())
    except NotHere:
        gone = render(request, "meetings/door_gone.html", status=404)
        gone.delete_cookie(DEVICE_COOKIE)
        return gone
    return render(request, "meetings/door.html", _shown(place, token))


def _shown(place: queries.Place, token: str) -> dict[str, object]:
    step, meeting = _step(place), place.meeting
    waits = step in ("waiting", "held", "admitted", "too-early")
    return {
        "token": token,
        "place": place,
        "meeting": meeting,
        "step": step,
        "venue": queries.venue(token=token, now=clock.now()) if waits or step == "arrive" else "",
        "norms": agreements.norms(meeting.group_id) if step in ("arrive", *_WAITING) else [],
        "live": _live(step, token),
    }


def _live(step: str, token: str) -> dict[str, object] | None:
    """How the page keeps itself fresh: by stream while waiting, by looking again while it is too early or locked."""
    if step in _WAITING:
        return {"seconds": REFRESH_SECONDS, "source": f"/live/m/{token}/"}
    return {"seconds": 30} if step in (DoorAnswer.TOO_EARLY, DoorAnswer.LOCKED) else None


def _step(place: queries.Place) -> str:
    """Which of the door's few faces to show."""
    if place.answer in _NOT_NOW:
        return str(place.answer)
    if place.state == ArrivalState.ADMITTED:
        return "admitted"
    if place.answer is DoorAnswer.LOCKED:
        return str(place.answer)
    return str(place.state) if place.state in _WAITING else "arrive"


def _post(request: HttpRequest, token: str, device: str) -> HttpResponse:
    back = HttpResponseRedirect(reverse("door", args=[token]))
    if request.POST.get("do") == "leave":
        actions.step_out(by="visitor", token=token, device=device, now=clock.now())
        return back
    device = device or new_id()
    arrived = actions.arrive(by="visitor", token=token, device=device, now=clock.now())
    if arrived.arrival_id is not None:
        # Sent everywhere here, because the live stream of this door has another address.
        back.set_cookie(
            DEVICE_COOKIE, device, max_age=DEVICE_LASTS, httponly=True, secure=settings.HTTPS, samesite="Lax"
        )
    return back


@page(needs=Permission.ANYONE)
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """An admitted person goes in: their way in is minted now and nowhere written down. Anybody else goes to the door."""
    at_the_door = HttpResponseRedirect(reverse("door", args=[token]))
    device, now = request.COOKIES.get(DEVICE_COOKIE, ""), clock.now()
    try:
        meeting_id = actions.go_in(by="visitor", token=token, device=device, now=now)
        way = queries.way_in(meeting_id=meeting_id, now=now)
    except (NotHere, Refused):
        return at_the_door
    return HttpResponseRedirect(way) if way else at_the_door


@page(needs=Permission.OWN, methods=("POST",))
def my_door(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """A member asks for their personal link from their own page."""
    who = request.who  # type: ignore[attr-defined]
    token = actions.give_link(by=who.id, group_id=who.group_id, meeting_id=meeting_id, now=clock.now())
    return HttpResponseRedirect(reverse("door", args=[token]))
