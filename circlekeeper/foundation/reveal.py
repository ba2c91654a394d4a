"""The one way to look at sealed data: the log leaf is durable before a key is unwrapped."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from django.db import DatabaseError

from circlekeeper.foundation import guard, ledger
from circlekeeper.foundation.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")


class LogUnavailable(Refused):
    """The access log could not be written, so nothing was opened. Fails closed (promise 3)."""

    def __init__(self) -> None:
        super().__init__(
            "The access log could not be written, so nothing was opened. "
            "If someone is in danger, use the sealed paper kit and call the local emergency number."
        )


def reveal(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Wrap a query that opens sealed data. It must be called with ``by=``, ``about=`` and ``now=``.

    :raises LogUnavailable: the leaf could not be committed; the query did not run.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            _commit(
                verb,
                by=cast(str, kwargs["by"]),
                about=cast(str, kwargs["about"]),
                at=cast(datetime, kwargs["now"]),
            )
            return function(*args, **kwargs)

        return run

    return decorate


def denied(verb: str, *, by: str, about: str, at: datetime) -> None:
    """Log that someone asked to see sealed data and was refused."""
    _commit(f"{verb}.denied", by=by, about=about, at=at)


def _commit(verb: str, *, by: str, about: str, at: datetime) -> None:
    try:
        with guard.outside_action(verb):
            ledger.append_alone(by=by, about=about, at=at, verb=verb)
    except DatabaseError as failure:
        raise LogUnavailable from failure
