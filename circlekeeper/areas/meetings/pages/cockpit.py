"""The cockpit: one meeting on one page, for one hand. Before, Doors, Together, After."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.access import queries as access
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import actions, queries, sources
from circlekeeper.areas.meetings.actions.running import EARLIEST_DOORS
from circlekeeper.areas.meetings.checks import CONFIRMED_WITHIN
from circlekeeper.areas.meetings.forms import PART_WORDS
from circlekeeper.areas.meetings.models import ArrivalState
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

REFRESH_SECONDS = 10
OPENING_CARD = "opening-card"
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
_DOOR_ACTS: dict[str, Callable[..., None]] = {
    "admit": actions.admit,
    "hold": actions.hold,
    "remove": actions.remove,
}
_PRESS = {
    "waiting-room-tested": ("probe", _("Test the waiting room now")),
    "links-sent-privately": ("links", _("Make personal links")),
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
    now, who = clock.now(), request.who  # type: ignore[attr-defined]
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    helping = access.helping(group_id, meeting_id)
    shown = {"group_id": group_id, "meeting": meeting, "refused": refused, "helping": helping}
    shown["host_lines"] = sources.for_hosts(group_id=group_id, meeting_id=meeting_id, now=now)
    if meeting.state == "planned":
        shown |= _before(meeting, who.id, now)
    elif meeting.running:
        shown |= _doors(meeting, who, now)
    return render(request, "meetings/cockpit.html", shown, status=409 if refused else 200)


def _act(request: HttpRequest, group_id: str, meeting_id: str) -> None:
    do, who, now = request.POST.get("do", ""), request.who, clock.now()  # type: ignore[attr-defined]
    if do in _MEETING_ACTS:
        _MEETING_ACTS[do](by=who.id, group_id=group_id, meeting_id=meeting_id, now=now)
    elif do in _DOOR_ACTS:
        arrival = request.POST.get("arrival", "")
        _DOOR_ACTS[do](by=who.id, group_id=group_id, arrival_id=arrival, now=now)
    else:
        raise NotHere


def _before(meeting: queries.MeetingFacts, person_id: str, now: datetime) -> dict[str, Any]:
    """The points between now and open doors: which stand open, and which hold by what kind of word."""
    found = safeguards.gate(meeting.group_id, "start", now, meeting.id)
    helpers = _helpers(meeting)
    earliest = meeting.starts_at - EARLIEST_DOORS
    return {
        "blocking": [_point(meeting, each) for each in found if each.blocking],
        "advised": [_point(meeting, each) for each in found if each.standing == "todo"],
        "held": [
            {
                "title": each.title,
                "word": each.evidence_words,
                "at": meeting.clock(each.checked_at) if each.checked_at else "",
            }
            for each in found
            if each.met
        ],
        "helpers": helpers,
        "i_must_say": any(each["id"] == person_id and not each["sure"] for each in helpers),
        "too_early": "" if now >= earliest else meeting.clock(earliest),
    }


def _point(meeting: queries.MeetingFacts, check: safeguards.CheckFinding) -> dict[str, Any]:
    """What to press for one point: a button here, or the page where it is done."""
    do, press = _PRESS.get(check.control, ("", _("Go and see")))
    url = reverse("safeguards:control", args=[meeting.group_id, check.control])
    if check.control == actions.RECORDING:
        url = reverse("meetings:recording", args=[meeting.group_id, meeting.id])
        press = _("Look and say what you saw")
    elif check.control == "moderators-confirmed":
        url, press = reverse("meetings:people", args=[meeting.group_id, meeting.id]), _("Ask someone")
    return {
        "title": check.title,
        "detail": check.detail,
        "why": check.why,
        "do": do,
        "url": url,
        "press": press,
        "minutes": check.minutes,
    }


def _helpers(meeting: queries.MeetingFacts) -> list[dict[str, Any]]:
    names = accounts.handles(accounts.people_with_role(meeting.group_id))
    return [
        {
            "id": each.person_id,
            "name": names[each.person_id],
            "part": PART_WORDS.get(each.part, each.part),
            "sure": each.confirmed_at is not None and meeting.starts_at - each.confirmed_at <= CONFIRMED_WITHIN,
        }
        for each in queries.helpers(meeting.id)
        if each.person_id in names
    ]


def _doors(meeting: queries.MeetingFacts, who: Any, now: datetime) -> dict[str, Any]:
    """Who waits, who is inside and who was sent away, by alias; the words to say."""
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
    book = playbook.book()
    return {
        "waiting": [row for row in rows if row["state"] in (ArrivalState.WAITING, ArrivalState.HELD)],
        "inside": [row for row in rows if row["state"] == ArrivalState.ADMITTED],
        "sent_away": [row for row in rows if row["state"] == ArrivalState.REMOVED],
        "locked": meeting.locked(now),
        "live": {"seconds": REFRESH_SECONDS, "source": f"/live/groups/{meeting.group_id}/meetings/{meeting.id}/"},
        "norms": agreements.norms(meeting.group_id),
        "card": book.script(OPENING_CARD),
        "scripts": [each for each in book.scripts() if each.id != OPENING_CARD],
    }
