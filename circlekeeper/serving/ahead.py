"""Requests that are answered ahead of Django, because everybody makes them in the same minute.

Whoever answers them is installed by the wiring, works from the same queries, rules and actions as the page, and hands on
whatever is not usual. What it answers with is what Django answered before: it never draws a page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from circlekeeper.serving import environ

HeaderList = list[tuple[str, str]]


class Reply(NamedTuple):
    """A whole answer."""

    status: int
    headers: HeaderList
    body: bytes


# Called once, from any thread; None: let Django answer.
Answer = Callable[[Reply | None], None]


class Desk(Protocol):
    """Who answers ahead of Django."""

    def get(self, scope: environ.Scope) -> Reply | None:
        """The answer to a GET, or None: let Django answer."""

    def post(self, scope: environ.Scope, body: bytes, answer: Answer) -> bool:
        """Take on a POST and call ``answer`` later, or return False: let Django answer."""

    def keep(self, scope: environ.Scope, response: Any, reply: Reply) -> None:
        """See what Django answered; ``response`` is its own object."""


@dataclass(slots=True)
class _Installed:
    desk: Desk | None = None


_installed = _Installed()


def install(desk: Desk | None) -> None:
    """Connect the desk; called once by the wiring."""
    _installed.desk = desk


def get(scope: environ.Scope) -> Reply | None:
    """The answer to a GET ahead of Django, or None."""
    return _installed.desk.get(scope) if _installed.desk else None


def post(scope: environ.Scope, body: bytes, answer: Answer) -> bool:
    """Whether this POST was taken on."""
    return _installed.desk.post(scope, body, answer) if _installed.desk else False


def keep(scope: environ.Scope, response: Any, reply: Reply) -> None:
    """Show the desk what Django answered."""
    if _installed.desk:
        _installed.desk.keep(scope, response, reply)
