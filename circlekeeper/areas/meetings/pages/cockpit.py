"""The cockpit: one meeting on one page, for one hand. Before, Doors, Together, After."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import HostForm, RecordingForm
from circlekeeper.areas.meetings.models import ArrivalState
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

REFRESH_SECONDS = 10
RECORDING_OFF = "recording-off"
PART_WORDS = {
    "host": _("Host"),
    "cohost": _("Co-host"),
    "door": _("Keeps the door"),
    "chat": _("Watches the chat"),
    "tech": _("Looks after the technology"),
    "welfare": _("Looks after people"),
}
_MEETING_ACTS: dict[str, Callable[..., Any]] = {
    "open": actions.open_doors,
    "card": actions.read_opening_card,
    "lock": actions.lock_doors,
    "close": actions.close_meeting,
    "links": actions.make_links,
    "confirm": actions.confirm_host,
    "probe": actions.try_waiting_room,
}
_POINT_ACTS = {
    "waiting-room-tested": ("probe", _("Test the waiting room now")),
    "links-sent-privately": ("links", _("Make personal links")),
}
_DOOR_ACTS: dict[str, Callable[..., None]] = {
    "admit": actions.admit,
    "hold": actions.hold,
    "remove": actions.remove,
}


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"), keys=True)
def cockpit(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Run one meeting."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    if request.method == "POST":
        _act(request, group_id, meeting_id)
        return HttpResponseRedirect(reverse("meetings:cockpit", args=[group_id, meeting_id]))
    now = clock.now()
    shown: dict[str, Any] = {
        "group_id": group_id,
        "meeting": meeting,
        "helpers": _helpers(group_id, meeting_id),
        "live": {"seconds": REFRESH_SECONDS, "source": f"/live/groups/{group_id}/meetings/{meeting_id}/"}
        if meeting.running
        else None,
        "norms": agreements.norms(group_id),
    }
    return render(request, "meetings/cockpit.html", shown | _before(meeting, now) | _door(request, meeting))


def _act(request: HttpRequest, group_id: str, meeting_id: str) -> None:
    do, who, now = request.POST.get("do", ""), request.who, clock.now()  # type: ignore[attr-defined]
    if do in _MEETING_ACTS:
        _MEETING_ACTS[do](by=who.id, group_id=group_id, meeting_id=meeting_id, now=now)
    elif do in _DOOR_ACTS:
        arrival = request.POST.get("arrival", "")
        _DOOR_ACTS[do](by=who.id, group_id=group_id, arrival_id=arrival, now=now)
    else:
        raise NotHere


def _before(meeting: queries.MeetingFacts, now: datetime) -> dict[str, Any]:
    """The points between now and open doors: which stand open, and which hold by what kind of word."""
    if meeting.state != "planned":
        return {}
    found = safeguards.gate(meeting.group_id, "start", now, meeting.id)
    return {
        "open_points": [_point(meeting, each) for each in found if not each.met and each.standing != "suggested"],
        "blocked": any(each.blocking for each in found),
        "held_points": [
            {"title": each.title, "word": each.evidence_words, "at": each.checked_at} for each in found if each.met
        ],
    }


def _point(meeting: queries.MeetingFacts, check: safeguards.CheckFinding) -> dict[str, Any]:
    """What to press for one point: a button here, or the page where it is done."""
    do, press = _POINT_ACTS.get(check.control, ("", _("Go and see")))
    if check.control == RECORDING_OFF:
        url, press = (
            reverse("meetings:recording", args=[meeting.group_id, meeting.id]),
            _("Look and say what you saw"),
        )
    elif check.control == "moderators-confirmed":
        url, press = reverse("meetings:people", args=[meeting.group_id, meeting.id]), _("Ask someone")
    else:
        url = reverse("safeguards:control", args=[meeting.group_id, check.control])
    return {
        "title": check.title,
        "detail": check.detail,
        "why": check.why,
        "do": do,
        "url": url,
        "press": press,
        "blocking": check.blocking,
    }


def _helpers(group_id: str, meeting_id: str) -> list[dict[str, Any]]:
    names = accounts.handles(accounts.people_with_role(group_id))
    return [
        {
            "name": names.get(each.person_id, ""),
            "part": PART_WORDS.get(each.part, each.part),
            "confirmed": each.confirmed_at,
        }
        for each in queries.helpers(meeting_id)
    ]


def _door(request: HttpRequest, meeting: queries.MeetingFacts) -> dict[str, Any]:
    """Who waits and who is inside, by alias."""
    if not meeting.running:
        return {"waiting": [], "inside": []}
    who = request.who  # type: ignore[attr-defined]
    aliases = roster.aliases(ring=who.ring, group_id=meeting.group_id)
    rows = [
        {
            "id": each.id,
            "alias": aliases.get(each.member_id, _("Someone")),
            "unverified": each.unverified,
            "state": each.state,
        }
        for each in queries.at_the_door(group_id=meeting.group_id, meeting_id=meeting.id)
    ]
    waiting = (ArrivalState.WAITING, ArrivalState.HELD)
    return {
        "waiting": [each for each in rows if each["state"] in waiting],
        "inside": [each for each in rows if each["state"] == ArrivalState.ADMITTED],
    }


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def people(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Ask people to carry parts of this meeting."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    names = accounts.handles(accounts.people_with_role(group_id))
    form = HostForm(request.POST or None, people=sorted(names.items(), key=lambda pair: pair[1]))
    back = reverse("meetings:cockpit", args=[group_id, meeting_id])
    if request.method == "POST" and form.is_valid():
        by = request.who.id  # type: ignore[attr-defined]
        actions.assign_host(by=by, group_id=group_id, meeting_id=meeting_id, now=clock.now(), **form.cleaned_data)
        return HttpResponseRedirect(back)
    shown = {"form": form, "meeting": meeting, "back": back}
    return render(request, "meetings/people.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def recording(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """A host looks at everything that could record, and says what they saw (KIT8)."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    form = RecordingForm(request.POST or None)
    back = reverse("meetings:cockpit", args=[group_id, meeting_id])
    if request.method == "POST" and form.is_valid():
        actions.answer_point(
            by=request.who.id,  # type: ignore[attr-defined]
            group_id=group_id,
            meeting_id=meeting_id,
            point=RECORDING_OFF,
            evidence=Evidence.ATTESTED,
            holds=form.cleaned_data["seen"] == "off",
            now=clock.now(),
        )
        return HttpResponseRedirect(back)
    shown = {"form": form, "meeting": meeting, "back": back}
    return render(request, "meetings/recording.html", shown, status=422 if form.errors else 200)
