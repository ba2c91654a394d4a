"""What rooms above want members told about: when a letter would be due. ``wiring.py`` names the rooms."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """One reason to write, without saying which: ``key`` is made of opaque ids, one letter for each member and key.

    ``members``: who is meant; None means everybody who takes part. Moments are UTC.
    """

    key: str
    due_at: datetime
    useless_at: datetime
    members: frozenset[str] | None = None


Provider = Callable[[str, datetime, datetime], Sequence[Occasion]]
_providers: list[Provider] = []


def install(providers: Iterable[Provider]) -> None:
    """Name the providers, each called as ``provider(group_id, begin, until)``; a second call replaces the first."""
    _providers[:] = providers


def between(*, group_id: str, begin: datetime, until: datetime) -> list[Occasion]:
    """Every occasion of a group that is due from ``begin`` until ``until`` and not useless by ``begin``."""
    found = [each for provider in _providers for each in provider(group_id, begin, until)]
    return [each for each in found if each.due_at <= until and each.useless_at > begin]
