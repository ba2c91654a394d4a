"""What waits for a person, gathered from the rooms that ``wiring.py`` names."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from circlekeeper.foundation.todo import Todo, Urgency

Provider = Callable[[Any, datetime], Sequence[Todo]]

AT_MOST = 7
_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}
_FAR = datetime.max.replace(tzinfo=UTC)
_providers: list[Provider] = []


@dataclass(frozen=True, slots=True)
class Day:
    """What Today shows: at most seven things now, the rest behind "later"."""

    first: tuple[Todo, ...]
    later: tuple[Todo, ...]


def install(providers: Iterable[Provider]) -> None:
    """Name the rooms' ``queries.todo`` functions, once, from ``wiring.py``; a second call replaces the first."""
    _providers[:] = providers


def day(*, who: Any, now: datetime) -> Day:
    """Everything that waits for this person, most urgent first, then the earliest deadline."""
    found = itertools.chain.from_iterable(provider(who, now) for provider in _providers)
    ordered = sorted(found, key=lambda todo: (_ORDER[todo.urgency], todo.due or _FAR, todo.minutes))
    return Day(first=tuple(ordered[:AT_MOST]), later=tuple(ordered[AT_MOST:]))
