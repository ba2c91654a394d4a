"""What waits for a person, gathered from the rooms that ``wiring.py`` names."""

import itertools
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError

from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.todo import Todo, Urgency

Provider = Callable[[Any, datetime], Sequence[Todo]]
Names = Callable[[Any], Mapping[str, str]]
Arrival = Callable[[Any, datetime], None]

AT_MOST = 7
_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}
_PLACE = re.compile(r"/groups/([^/]+)/")
_FAR = datetime.max.replace(tzinfo=UTC)
_providers: list[Provider] = []
_names: list[Names] = []
_arrivals: list[Arrival] = []
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Day:
    """What Today shows: at most seven things now, the rest behind "later"."""

    first: tuple[Todo, ...]
    later: tuple[Todo, ...]


def install(
    providers: Iterable[Provider], names: Names = lambda who: {}, arrivals: Iterable[Arrival] = ()
) -> None:
    """Name the rooms' ``queries.todo`` functions, once, from ``wiring.py``; a second call replaces the first.

    ``names`` tells the names of somebody's groups by id; with more than one, each thing says which it is about.
    ``arrivals``: what is done when somebody comes to Today with their keys open.
    """
    _providers[:] = providers
    _names[:] = [names]
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
    found: Iterator[Todo] = itertools.chain.from_iterable(provider(who, now) for provider in _providers)
    names = _names[0](who) if _names else {}
    if len(names) > 1:
        found = (_with_group(todo, names) for todo in found)
    ordered = sorted(found, key=lambda todo: (_ORDER[todo.urgency], todo.due or _FAR, todo.minutes))
    return Day(first=tuple(ordered[:AT_MOST]), later=tuple(ordered[AT_MOST:]))


def _with_group(todo: Todo, names: Mapping[str, str]) -> Todo:
    place = _PLACE.match(todo.url)
    return replace(todo, group=names.get(place.group(1), "")) if place else todo
