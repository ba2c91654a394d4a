"""What waits for a person, gathered from the rooms that ``wiring.py`` names."""

import itertools
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError

from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.todo import Todo, Urgency

Provider = Callable[[Any, datetime], Sequence[Todo]]

AT_MOST = 7
_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}
_FAR = datetime.max.replace(tzinfo=UTC)
Arrival = Callable[[Any, datetime], None]
_providers: list[Provider] = []
_arrivals: list[Arrival] = []
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Day:
    """What Today shows: at most seven things now, the rest behind "later"."""

    first: tuple[Todo, ...]
    later: tuple[Todo, ...]


def install(providers: Iterable[Provider], arrivals: Iterable[Arrival] = ()) -> None:
    """Name the rooms' ``queries.todo`` functions, once, from ``wiring.py``; a second call replaces the first.

    ``arrivals``: what is done when somebody comes to Today with their keys open.
    """
    _providers[:] = providers
    _arrivals[:] = arrivals


def arrive(who: Any, now: datetime) -> None:
    """Do what waits for somebody with open keys. Today is shown whatever becomes of it."""
    for arrival in _arrivals:
        try:
            arrival(who, now)
        except (Refused, NotHere, DatabaseError) as failure:
            _log.warning("what waits for open keys was left for later (%s)", type(failure).__name__)


def day(*, who: Any, now: datetime) -> Day:
    """Everything that waits for this person, most urgent first, then the earliest deadline."""
    found = itertools.chain.from_iterable(provider(who, now) for provider in _providers)
    ordered = sorted(found, key=lambda todo: (_ORDER[todo.urgency], todo.due or _FAR, todo.minutes))
    return Day(first=tuple(ordered[:AT_MOST]), later=tuple(ordered[AT_MOST:]))
