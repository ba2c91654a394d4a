"""What others put on the cockpit, a line in one of its parts, and on the door of somebody inside: a question.

``wiring.py`` names who gives them; no template changes.

A provider is called as ``provider(part, meeting, who, now)`` for each part that is on the page, and gives back the lines
that are true now, or none. It reads only, and costs few queries: a cockpit asks again whenever something moves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.foundation.accounts.who import Who


class Part(StrEnum):
    """Where on the cockpit a line stands."""

    BEFORE = "before"  # the checklist, as long as the doors are closed
    DOORS = "doors"  # who waits
    TOGETHER = "together"  # while people are inside
    AFTER = "after"  # when the meeting is closed
    RECORDING_ASKED = "recording-asked"  # under the card for somebody who asks to record; its own answer is no


@dataclass(frozen=True, slots=True)
class Line:
    """One fact and the one thing to press about it.

    ``met``: as it should be (True), not so (False), or a plain statement (None). ``word``: how we know. ``at``: since
    when, in the words of the group's clock (``MeetingFacts.clock``). ``url`` and ``press``: where to go, as a link, or with
    ``posts`` as a button that posts there and comes back. Texts are translated and name no member.
    """

    title: str
    text: str = ""
    met: bool | None = None
    word: str = ""
    at: str = ""
    url: str = ""
    press: str = ""
    posts: bool = False
    why: str = ""
    minutes: int = 0
    do: str = ""  # of the meetings room only: pressed on the cockpit itself


Provider = Callable[[Part, MeetingFacts, Who, datetime], Sequence[Line]]
_providers: list[Provider] = []


def install(providers: Iterable[Provider]) -> None:
    """Name who gives lines; a second call replaces the first."""
    _providers[:] = providers


def lines(part: Part, meeting: MeetingFacts, who: Who, now: datetime) -> list[Line]:
    """Every line of others for one part, in the order of ``wiring.py``."""
    return [line for provider in _providers for line in provider(part, meeting, who, now)]


@dataclass(frozen=True, slots=True)
class Press:
    """One answer that can be pressed. Every answer has the same button, so that a look at a screen tells little."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to somebody inside, or what came of it. It is part of their door's face."""

    id: str
    title: str
    text: str
    presses: tuple[Press, ...]


class AskedOf(Protocol):
    """``ballots.queries.asked``."""

    def __call__(self, *, group_id: str, meeting_id: str, arrival_id: str, now: datetime) -> tuple[Asked, ...]: ...


class Answer(Protocol):
    """``ballots.actions.answer``."""

    def __call__(self, *, by: str, ballot_id: str, token: str, device: str, yes: bool, now: datetime) -> None: ...


class PlaceOf(Protocol):
    """``venues.queries.told``."""

    def __call__(self, *, group_id: str, series_id: str) -> str: ...


class PicksUp(Protocol):
    """``venues.queries.picks_up``."""

    def __call__(self, meeting_id: str) -> tuple[str, ...]: ...


@dataclass(slots=True)
class _Installed:
    asked: AskedOf | None = None
    answer: Answer | None = field(default=None)
    place: PlaceOf | None = None
    picks_up: PicksUp | None = None


_installed = _Installed()


def install_asking(*, asked: AskedOf, answer: Answer) -> None:
    """Name who asks; called once from the roof."""
    _installed.asked, _installed.answer = asked, answer


def install_places(*, place: PlaceOf, picks_up: PicksUp) -> None:
    """Name who knows the places; called once from the roof."""
    _installed.place, _installed.picks_up = place, picks_up


def picks_up(meeting: MeetingFacts) -> tuple[str, ...]:
    """What people at home are told of the room, a sentence each; nothing unless it is also online (FMT10)."""
    return _installed.picks_up(meeting.id) if _installed.picks_up and meeting.is_hybrid else ()


def place_of(*, group_id: str, series_id: str) -> str:
    """What members are told of the place of a series; empty if none was chosen. Whether it is time is not asked here."""
    return _installed.place(group_id=group_id, series_id=series_id) if _installed.place else ""


def asked_of(*, group_id: str, meeting_id: str, arrival_id: str, now: datetime) -> tuple[Asked, ...]:
    """What somebody inside is asked; nothing if no room asks."""
    ask = _installed.asked
    return ask(group_id=group_id, meeting_id=meeting_id, arrival_id=arrival_id, now=now) if ask else ()


def answer(*, ballot_id: str, token: str, device: str, yes: bool, now: datetime) -> None:
    """Hand an answer from the door to the room that asked."""
    if _installed.answer:
        _installed.answer(by="visitor", ballot_id=ballot_id, token=token, device=device, yes=yes, now=now)
