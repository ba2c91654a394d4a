"""Asking the database once per page for what does not change while a page is made.

A query marked ``@remembered("table", …)`` keeps its answer until the page is done, until this process writes to one of
those tables (the write guard sees every write), or until an action is rolled back. Outside a page nothing is remembered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")
Key = tuple[Any, ...]

_answers: ContextVar[dict[Key, Any] | None] = ContextVar("circlekeeper_memo", default=None)
_tables: dict[str, set[Callable[..., Any]]] = {}


@contextmanager
def page() -> Iterator[None]:
    """The time in which one page is made."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered(*tables: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember a query's answers while a page is made.

    ``tables``: every table the answer is read from. Answers are shared within the page: frozen, or left alone.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        for table in tables:
            _tables.setdefault(table, set()).add(function)

        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> R:
            answers = _answers.get()
            if answers is None:
                return function(*args, **kwargs)
            key: Key = (function, args, tuple(sorted(kwargs.items())))
            if key not in answers:
                answers[key] = function(*args, **kwargs)
            return cast(R, answers[key])

        return ask

    return decorate


def written(table: str) -> None:
    """Forget every answer that was read from this table; called by the write guard."""
    answers, stale = _answers.get(), _tables.get(table)
    if answers and stale:
        for key in [key for key in answers if key[0] in stale]:
            del answers[key]


def forget() -> None:
    """Forget everything; called when an action is rolled back."""
    answers = _answers.get()
    if answers:
        answers.clear()
