"""Telling other rooms what happened, without knowing them.

An action announces an event: a frozen dataclass of ids, numbers and dates. It becomes a row in the same transaction, and
the worker tells whoever ``wiring.py`` lists. A listener is told at least once, so it must not mind hearing twice.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from circlekeeper.foundation import clock, guard, planned, turns
from circlekeeper.foundation.jobs import tables

if TYPE_CHECKING:
    from circlekeeper.foundation.jobs.models import Event

Handler = Callable[..., None]
Handlers = Mapping[type, Sequence[Handler]]

_ID = re.compile(r"[a-z0-9:._-]{1,64}")
_BATCH = 100
_CLAIM = timedelta(minutes=5)
_FIRST_RETRY = timedelta(seconds=10)
_LONGEST_RETRY = timedelta(hours=1)

_log = logging.getLogger(__name__)
_installed: dict[type, Sequence[Handler]] = {}


def announce(event: object, *, now: datetime | None = None) -> None:
    """Write down, in the running transaction, that this happened; listeners hear of it after the commit.

    :raises ValueError: a field holds anything but an id, a number, a date or nothing.
    :raises django.db.transaction.TransactionManagementError: no transaction is open.
    """
    payload = _packed(event)
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("events are announced inside an action only")
    at = now or clock.now()
    planned.insert([tables.event(name=name_of(type(event)), payload=payload, at=at, next_try_at=at)])


def install(handlers: Handlers) -> None:
    """Say who hears of what: event class to listeners, each called as ``listener(event, now=now)``. For ``wiring.py``."""
    _installed.clear()
    _installed.update(handlers)


def installed() -> Handlers:
    """What ``install`` was given last."""
    return _installed


def deliver_due(handlers: Handlers, now: datetime) -> int:
    """Tell the listeners of every event that waits, oldest first; returns how many events are done with.

    A listener that fails leaves the event waiting, and only it is told again, after a growing pause.
    """
    by_name = {name_of(kind): (kind, listeners) for kind, listeners in handlers.items()}
    done: dict[tuple[str, ...], list[int]] = {}
    try:
        for event in _claimed(now):
            heard, error = _told(event, by_name.get(event.name), now)
            if error:
                _note_trouble(event, heard, error, now)
            else:
                done.setdefault(tuple(heard), []).append(event.pk)
    finally:
        _note_done(done, now)
    return sum(map(len, done.values()))


def _waiting(now: datetime) -> "QuerySet[Event]":
    # A next try beyond the longest pause was set by a clock that ran ahead.
    due = Q(next_try_at__lte=now) | Q(next_try_at__gt=now + 2 * _LONGEST_RETRY)
    return tables.events().filter(due, done_at__isnull=True)


def _claimed(now: datetime) -> "list[Event]":
    """The oldest events that wait, in one write; until ``_CLAIM`` is over no other worker takes them."""
    if not _waiting(now).exists():
        return []
    with guard.outside_action("event claim"), turns.turn(), transaction.atomic():
        found = list(_waiting(now).select_for_update(skip_locked=True).order_by("id")[:_BATCH])
        tables.events().filter(pk__in=[event.pk for event in found]).update(next_try_at=now + _CLAIM)
    return found


def name_of(kind: type) -> str:
    """The name under which events of this class are kept."""
    return f"{kind.__module__.removeprefix('circlekeeper.')}:{kind.__qualname__}"


def _told(event: "Event", known: tuple[type, Sequence[Handler]] | None, now: datetime) -> tuple[list[str], str]:
    """Tell the listeners that have not heard yet: who has heard now, and the name of the last error or nothing."""
    heard, error = list(event.heard_by), ""
    for listener in known[1] if known else ():
        name = f"{listener.__module__}:{listener.__qualname__}"
        if name in heard:
            continue
        try:
            listener(_unpacked(known[0], event.payload), now=now) if known else None
            heard.append(name)
        except Exception as failure:  # One listener's trouble must not keep the others from hearing.
            error = type(failure).__name__[:80]
            _log.error("event %s not heard by %s: %s", event.name, name, error)
    return heard, error


def _note_trouble(event: "Event", heard: list[str], error: str, now: datetime) -> None:
    pause = min(_FIRST_RETRY * 2 ** min(event.attempts, 10), _LONGEST_RETRY)
    with guard.outside_action("event outcome"), turns.turn():
        tables.events().filter(pk=event.pk).update(
            heard_by=heard, last_error=error, attempts=event.attempts + 1, next_try_at=now + pause
        )


def _note_done(done: Mapping[tuple[str, ...], list[int]], now: datetime) -> None:
    """Note what everybody has heard, together: a write for each event would hold up whoever writes just now.

    If the worker is killed before, they hear again.
    """
    with guard.outside_action("event outcome"), turns.turn():
        for heard, events in done.items():
            tables.events().filter(pk__in=events).update(
                heard_by=list(heard), last_error="", attempts=F("attempts") + 1, next_try_at=now, done_at=now
            )


def _packed(event: object) -> dict[str, Any]:
    if not is_dataclass(event) or isinstance(event, type):
        raise ValueError("an event is a dataclass")
    return {field.name: _plain(field.name, getattr(event, field.name)) for field in fields(event)}


def _plain(name: str, value: object) -> object:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return {"moment": value.isoformat()}
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"date": value.isoformat()}
    if isinstance(value, str) and _ID.fullmatch(value):
        return str(value)
    raise ValueError(f"events carry ids, numbers and dates only; {name} is something else")


def _unpacked(kind: type, payload: Mapping[str, Any]) -> object:
    return kind(**{name: _rich(value) for name, value in payload.items()})


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        if "moment" in value:
            return datetime.fromisoformat(value["moment"])
        return date.fromisoformat(value["date"])
    return value
