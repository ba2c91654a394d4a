"""What the holder of a personal link sees. Works without script; the token in the address is all they need.

Opening a link shows a page and changes nothing, so a mail program that looks at links does not arrive.
"""

import re
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import actions, queries, sources, weighing
from circlekeeper.areas.meetings.forms import ASKED_OF_THEM
from circlekeeper.areas.meetings.pages import face as faces
from circlekeeper.areas.meetings.provider import Unavailable
from circlekeeper.areas.meetings.rules import DoorAnswer
from circlekeeper.areas.meetings.words import DOWNSIDE_WORDS
from circlekeeper.foundation import clock, samesite
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

DEVICE_COOKIE = "ck_door"
DEVICE_LASTS = 12 * 60 * 60
DEVICE = re.compile(r"[a-z2-7]{26}")
REFRESH_SECONDS = 10
_CALL = "tel:"


# The address holds a secret of 128 bits, so the form needs no second one: docs/adr/0008.
@csrf_exempt
@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The waiting room: before, while waiting, and once let in."""
    try:
        return _post(request, token) if request.method == "POST" else _get(request, token)
    except NotHere:
        gone = render(request, "meetings/door_gone.html", status=404)
        gone.delete_cookie(DEVICE_COOKIE)
        return _plain(gone, faces.Plain.GONE)
    except Refused as refusal:
        crowded = render(request, "web/refused.html", {"sentence": refusal.sentence}, status=409)
        return _plain(crowded, faces.Plain.CROWDED)


def _get(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    place = queries.place(token=token, device=request.COOKIES.get(DEVICE_COOKIE, ""), now=now)
    face = faces.of(place, language=get_language() or "", still=bool(request.GET.get("still")), now=now)
    device = new_id()
    shown = render(request, "meetings/door.html", _shown(face, token, device))
    return _with_face(shown, face, device)


def _shown(face: faces.Face, token: str, device: str) -> dict[str, object]:
    """What the page is drawn from: its face, and nothing else but the two secrets of the one who looks."""
    group_id = face.meeting.group_id if face.meeting else ""
    return {
        "token": token,
        "device": device,
        "meeting": face.meeting,
        "step": face.step,
        "unverified": face.unverified,
        "question": ASKED_OF_THEM.get(face.asked, ""),
        "venue": face.venue,
        "ballots": face.ballots,
        "picks_up": face.picks_up,
        "norms": [] if face.norms is None else agreements.norms(group_id),
        "live": _live(face.step, token),
    }


def _with_face(response: HttpResponse, face: faces.Face, device: str = "") -> HttpResponse:
    """Say what was drawn, so that the next one who sees the same need not wait for it to be drawn again."""
    response.face, response.device = face, device  # type: ignore[attr-defined]
    return response


def _plain(response: HttpResponse, step: faces.Plain) -> HttpResponse:
    return _with_face(response, faces.Face(step, get_language() or ""))


def _live(step: str, token: str) -> dict[str, object] | None:
    """How the page keeps itself fresh: by stream while waiting, by looking again while it is too early or locked."""
    if step in (*faces.WAITING, "admitted"):
        return {"seconds": REFRESH_SECONDS, "source": f"/live/m/{token}/"}
    return {"seconds": 30} if step in (DoorAnswer.TOO_EARLY, DoorAnswer.LOCKED) else None


def _post(request: HttpRequest, token: str) -> HttpResponse:
    if not samesite.ours(request):
        raise PermissionDenied
    back = _plain(HttpResponseRedirect(reverse("door", args=[token])), faces.Plain.SENT_BACK)
    device, now = request.COOKIES.get(DEVICE_COOKIE, ""), clock.now()
    if request.POST.get("do") == "leave":
        actions.step_out(by="visitor", token=token, device=device, now=now)
        return back
    if request.POST.get("do") == "answer":
        # A second tap, or an answer to a question that was taken back: the door shows what is so now.
        with suppress(NotHere):
            said = request.POST.get("answer", "")
            actions.answer_host(by="visitor", token=token, device=device, answer=said, now=now)
        return back
    if request.POST.get("do") in ("yes", "no"):
        yes, ballot = request.POST["do"] == "yes", request.POST.get("ballot", "")
        sources.answer(ballot_id=ballot, token=token, device=device, yes=yes, now=now)
        return back
    device = device or offered(request.POST.get("device", ""))
    arrived = actions.arrive(by="visitor", token=token, device=device, now=now)
    if arrived.arrival_id is not None:
        give_device(back, device)
    return back


def offered(device: str) -> str:
    """The device a page offered its reader, who may send the form twice when an answer is lost; else a new one."""
    return device if DEVICE.fullmatch(device) else new_id()


def give_device(response: HttpResponseBase, device: str) -> None:
    """Have the browser remember which device it is until the evening is over."""
    # Sent everywhere here, because the live stream of this door has another address.
    response.set_cookie(
        DEVICE_COOKIE, device, max_age=DEVICE_LASTS, httponly=True, secure=settings.HTTPS, samesite="Lax"
    )


@csrf_exempt  # as the door itself
@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """An admitted person goes in: their way in is minted now and nowhere written down. Anybody else goes to the door.

    Where a service has to be told a name, the person types it here; it goes into their way in and nowhere else.
    """
    if request.method == "POST" and not samesite.ours(request):
        raise PermissionDenied
    at_the_door = HttpResponseRedirect(reverse("door", args=[token]))
    device, now = request.COOKIES.get(DEVICE_COOKIE, ""), clock.now()
    alias = " ".join(request.POST.get("alias", "").split())[:40]
    try:
        meeting_id = actions.go_in(by="visitor", token=token, device=device, now=now)
        if request.method != "POST" and queries.asks_a_name(meeting_id):
            return render(request, "meetings/enter.html", {"token": token})
        way = queries.way_in(meeting_id=meeting_id, token=token, alias=alias, now=now)
    except Unavailable as failure:
        shown = {"token": token, "passes": failure.trouble.passes}
        return render(request, "meetings/not_yet.html", shown, status=409)
    except (NotHere, Refused):
        return at_the_door
    if way.startswith(_CALL):
        return _to_be_called(request, way)
    return HttpResponseRedirect(way) if way else at_the_door


def _to_be_called(request: HttpRequest, way: str) -> HttpResponse:
    """A number is shown with its code, and with what it may show to others, before anybody presses it."""
    number, _commas, code = way.removeprefix(_CALL).partition(",,")
    warnings = [DOWNSIDE_WORDS[each] for each in weighing.to_be_read(weighing.PHONE)]
    shown = {"way": way, "number": number, "code": code, "warnings": warnings}
    return render(request, "meetings/number.html", shown)


@page(needs=Permission.OWN, methods=("POST",))
def my_door(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """A member asks for their personal link from their own page."""
    who = request.who  # type: ignore[attr-defined]
    token = actions.give_link(by=who.id, group_id=who.group_id, meeting_id=meeting_id, now=clock.now())
    return HttpResponseRedirect(reverse("door", args=[token]))
