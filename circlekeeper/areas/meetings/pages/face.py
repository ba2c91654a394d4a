"""The few faces of the door. Whoever shows the same face sees the same page, but for their token and their device."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import queries, sources
from circlekeeper.areas.meetings.models import ArrivalState
from circlekeeper.areas.meetings.rules import DoorAnswer

WAITING = (ArrivalState.WAITING, ArrivalState.HELD)
_NOT_NOW = (
    DoorAnswer.OVER,
    DoorAnswer.REVOKED,
    DoorAnswer.REMOVED,
    DoorAnswer.TOO_EARLY,
)
_TOLD_THE_PLACE = frozenset({"arrive", "waiting", "held", "admitted", "too-early"})
_SHOWS_NORMS = frozenset({"arrive", "waiting", "held"})


class Plain(StrEnum):
    """Answers of the door that show nothing of a meeting."""

    GONE = "gone"
    CROWDED = "crowded"
    SENT_BACK = "sent-back"


@dataclass(frozen=True, slots=True)
class Face:
    """Everything a page of the door is drawn from. ``norms``: which version, see ``agreements.queries.norms_mark``."""

    step: str
    language: str
    meeting: queries.MeetingFacts | None = None
    unverified: bool = False
    asked: str = ""
    venue: str = ""
    norms: str | None = None
    still: bool = False
    ballots: tuple[sources.Asked, ...] = ()
    picks_up: tuple[str, ...] = ()


def of(place: queries.Place, *, language: str, still: bool, now: datetime) -> Face:
    """The face the door shows to someone who stands in this place."""
    step = step_of(place)
    return Face(
        step,
        language,
        place.meeting,
        place.unverified,
        place.asked if step in WAITING else "",
        queries.venue_of(place.meeting, place.address, now=now) if step in _TOLD_THE_PLACE else "",
        agreements.norms_mark(place.meeting.group_id) if step in _SHOWS_NORMS else None,
        still,
        _asked(place, now) if step == ArrivalState.ADMITTED else (),
        sources.picks_up(place.meeting) if step in _TOLD_THE_PLACE else (),
    )


def _asked(place: queries.Place, now: datetime) -> tuple[sources.Asked, ...]:
    meeting = place.meeting
    return sources.asked_of(
        group_id=meeting.group_id, meeting_id=meeting.id, arrival_id=place.arrival_id or "", now=now
    )


def step_of(place: queries.Place) -> str:
    """Which of the door's few steps to show."""
    if place.answer in _NOT_NOW:
        return str(place.answer)
    if place.state == ArrivalState.ADMITTED:
        return "admitted"
    if place.answer is DoorAnswer.LOCKED:
        return str(place.answer)
    return str(place.state) if place.state in WAITING else "arrive"
