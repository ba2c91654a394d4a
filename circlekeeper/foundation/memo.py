"""Asking the database once for what does not change while a page is made, or while nobody writes to its tables.

A query marked ``@remembered("table", …)`` keeps its answer until the page is done, until this process writes to one of
those tables (the write guard sees every write), or until an action is rolled back. Outside a page nothing is remembered.

With ``across_pages=True`` the answer also serves later pages, for as long as the tables' stamps (``stamps``) are the same:
the first such question of a page reads them, one query for all, and so does an action when its turn has come. Only for
tables that are rarely written to, and only for answers that hold nothing about a person and depend on nothing but the
tables (not on the time, not on the language).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar, cast

from circlekeeper.foundation import stamps

P = ParamSpec("P")
R = TypeVar("R")
Key = tuple[Any, ...]

# Answers kept for later pages; a text of a group may be 20 kB.
ROOM = 512


@dataclass(slots=True)
class _Page:
    """What one page knows. ``stamps``: as last read, less the tables this page has written to; None: not asked yet."""

    answers: dict[Key, Any] = field(default_factory=dict)
    stamps: dict[str, str] | None = None


_page: ContextVar[_Page | None] = ContextVar("circlekeeper_memo", default=None)
_tables: dict[str, set[Callable[..., Any]]] = {}
_stamped: set[str] = set()
_kept: dict[Key, tuple[tuple[str, ...], Any]] = {}
_keeping = threading.Lock()


@contextmanager
def page() -> Iterator[None]:
    """The time in which one page is made."""
    token = _page.set(_Page())
    try:
        yield
    finally:
        _page.reset(token)


def remembered(*tables: str, across_pages: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember a query's answers while a page is made; ``across_pages``: until one of the tables changes.

    ``tables``: every table the answer is read from. Answers are shared: frozen, or left alone.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        for table in tables:
            _tables.setdefault(table, set()).add(function)
        if across_pages:
            _stamped.update(tables)

        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> R:
            here = _page.get()
            if here is None:
                return function(*args, **kwargs)
            key: Key = (function, args, tuple(sorted(kwargs.items())) if kwargs else ())
            if key not in here.answers:
                answer = partial(function, *args, **kwargs)
                here.answers[key] = _kept_or_new(here, key, tables, answer) if across_pages else answer()
            return cast(R, here.answers[key])

        return ask

    return decorate


def _kept_or_new(here: _Page, key: Key, tables: tuple[str, ...], answer: Callable[[], R]) -> R:
    """The answer kept under the stamps of now, or a new one, kept if nobody wrote while it was found."""
    if here.stamps is None:
        here.stamps = stamps.read()
    under = _under(here.stamps, tables)
    found = _kept.get(key)
    if found is not None and found[0] == under:
        return cast(R, found[1])
    made = answer()
    if under is not None and _under(stamps.read(), tables) == under:
        with _keeping:
            _kept.pop(key, None)
            _kept[key] = under, made
            while len(_kept) > ROOM:
                del _kept[next(iter(_kept))]
    return made


def _under(found: dict[str, str], tables: tuple[str, ...]) -> tuple[str, ...] | None:
    """The stamps of these tables; None if one of them has none."""
    try:
        return tuple(found[table] for table in tables)
    except KeyError:
        return None


def stamped_tables() -> frozenset[str]:
    """The tables whose stamps are asked for; for whoever puts the stamps on."""
    return frozenset(_stamped)


def written(table: str) -> None:
    """Forget every answer that was read from this table; called by the write guard."""
    here, stale = _page.get(), _tables.get(table)
    if here is None or not stale:
        return
    for key in [key for key in here.answers if key[0] in stale]:
        del here.answers[key]
    if here.stamps is not None:
        # What is read from here on may be rolled back: it is this page's alone.
        here.stamps.pop(table, None)


def forget() -> None:
    """Forget everything this page knows; called when an action is rolled back."""
    here = _page.get()
    if here is not None:
        here.answers.clear()
        here.stamps = None


def look_again() -> None:
    """Forget what another process has changed since it was asked; called when an action has its turn."""
    here = _page.get()
    if here is None or here.stamps is None:
        return
    before, here.stamps = here.stamps, stamps.read()
    for table, stamp in here.stamps.items():
        if before.get(table) != stamp:
            stale = _tables.get(table, set())
            for key in [key for key in here.answers if key[0] in stale]:
                del here.answers[key]


def empty() -> None:
    """Forget what was kept for later pages; for tests that empty tables behind the triggers' back."""
    with _keeping:
        _kept.clear()
