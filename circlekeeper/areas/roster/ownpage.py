"""What rooms put on a member's own page and into the copy they may take along. ``wiring.py`` names them.

Cards say what comes next. Pieces are everything a room holds about the member: the page "What we hold about you" and the
copies are made of them, and a test compares ``covers`` with the tables, so that none can be forgotten.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Slot:
    """One card: what, a sentence, where to press. ``posts``: pressing does something, so it is a button, not a link."""

    title: str
    text: str
    url: str = ""
    press: str = ""
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing held about a member, and nothing about anybody else.

    ``pairs`` are for reading, ``holds`` the same for another program (JSON values only). ``kept`` is a sentence on when it
    is destroyed, ``until`` that day where it is known. ``url``: where the member changes it.
    """

    name: str
    title: str
    purpose: str
    seen_by: str
    kept: str
    until: date | None
    pairs: Sequence[tuple[Any, Any]]
    holds: Any
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A room's pieces. ``covers``: the tables (``app.Model``) they are about; ``of(group_id, member_id, holder, now)``."""

    covers: frozenset[str]
    of: Callable[[str, str, bytes, datetime], Sequence[Piece]]


Provider = Callable[[str, str, datetime], Sequence[Slot]]
_providers: list[Provider] = []
_sources: list[Source] = []


def install(providers: Iterable[Provider], sources: Iterable[Source] = ()) -> None:
    """Name who gives cards, each called as ``provider(group_id, member_id, now)``, and who gives pieces.

    A second call replaces the first.
    """
    _providers[:] = providers
    _sources[:] = sources


def slots(*, group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """Every card for this member now, in the order of ``wiring.py``."""
    return [slot for provider in _providers for slot in provider(group_id, member_id, now)]


def pieces(*, group_id: str, member_id: str, holder: bytes, now: datetime) -> list[Piece]:
    """Everything held about this member, in the order of ``wiring.py``; ``holder`` is their raw key."""
    return [piece for source in _sources for piece in source.of(group_id, member_id, holder, now)]


def covered() -> frozenset[str]:
    """The tables that some source answers for."""
    return frozenset(label for source in _sources for label in source.covers)
