"""Which meetings are to come. A room above this one says so; ``wiring.py`` connects it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """A meeting a helper can be put on; ``words``: its day and time as the group says them."""

    id: str
    words: str
    starts_at: datetime


class Meetings(Protocol):
    """The next meetings of a group, soonest first."""

    def __call__(self, group_id: str, now: datetime) -> Sequence[MeetingFact]: ...


class NotConnected(Exception):
    """Nobody named the meetings in ``wiring.py``."""


_board: list[Meetings] = []


def install(*, meetings: Meetings) -> None:
    """Connect the meetings; a second call replaces the first."""
    _board[:] = [meetings]


def meetings(group_id: str, now: datetime) -> Sequence[MeetingFact]:
    """The next meetings of a group, soonest first.

    :raises NotConnected: see there.
    """
    if not _board:
        raise NotConnected
    return _board[0](group_id, now)
