"""After a group's keys were replaced: every wrap is brought to the new ones, a few rows at a time.

Rooms say in ``wraps.py`` where they keep wraps, ``wiring.py`` names them here. Until a row's turn comes its wrap opens with
the older keys that the new ones lead back to, so a walk may stop anywhere and go on later: nothing is unreadable on the way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F

from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.records import Wrapped
from circlekeeper.foundation.vault.ring import KeyRing
from circlekeeper.foundation.vault.scopes import Scope

_SECRET = "wraps_secret"  # noqa: S105 - the name of a column in a query


@dataclass(frozen=True, slots=True)
class Column:
    """One column of wraps. ``secret``: the path to the id of the secret (``member__secret_id``).

    ``scope`` and ``place`` answer for one row. The model has a ``group_id``.
    """

    model: type[models.Model]
    place: Callable[[Any], Place]
    scope: Callable[[Any], Scope]
    wrap: str = "wrap"
    secret: str = "secret_id"  # noqa: S105 - the name of a column

    @property
    def name(self) -> str:
        """A name that stays the same from one version of this program to the next."""
        return f"{self.model._meta.label_lower}.{self.wrap}"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a walk has come: in which column, after which row. The empty mark is the beginning."""

    column: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a walk. ``stuck``: rows that open with none of the group's keys, so nobody could read them before."""

    mark: Mark
    seen: int
    renewed: int
    stuck: int
    done: bool


_columns: list[Column] = []


def install(columns: Iterable[Column]) -> None:
    """Name every column of wraps, once, from ``wiring.py``; a second call replaces the first."""
    _columns[:] = sorted(columns, key=lambda column: column.name)


def columns() -> tuple[Column, ...]:
    """What is connected, by name."""
    return tuple(_columns)


def total(group_id: str) -> int:
    """How many wraps a group has."""
    return sum(_rows(column, group_id).count() for column in _columns)


def step(*, ring: KeyRing, group_id: str, mark: Mark, limit: int) -> Step:
    """Bring the next wraps (at most ``limit``) to the newest keys. Call it inside an action.

    :raises NoGrant: the ring holds less than the whole key.
    """
    for column in _columns:
        if column.name < mark.column:
            continue
        after = mark.after if column.name == mark.column else ""
        rows = list(_rows(column, group_id).filter(pk__gt=after).annotate(**{_SECRET: F(column.secret)})[:limit])
        if rows:
            renewed, stuck = _renew(column, rows, ring)
            return Step(Mark(column.name, str(rows[-1].pk)), len(rows), renewed, stuck, done=False)
    return Step(mark, 0, 0, 0, done=True)


def _rows(column: Column, group_id: str) -> "models.QuerySet[Any]":
    found = column.model._base_manager.filter(group_id=group_id).exclude(**{column.wrap: b""})
    return found.order_by("pk")


def _renew(column: Column, rows: list[Any], ring: KeyRing) -> tuple[int, int]:
    secrets = shredstore.secrets({getattr(row, _SECRET) for row in rows})
    changed, stuck = [], 0
    for row in rows:
        secret = secrets.get(getattr(row, _SECRET))
        if secret is None:
            continue  # shredded: it opens with no key in the world
        wrapped = Wrapped(str(row.pk), bytes(getattr(row, column.wrap)), secret, column.place(row))
        try:
            fresh = records.rewrap([wrapped], key=ring.scope_key(row.group_id, column.scope(row)))
        except SealBroken:
            stuck += 1
            continue
        for wrap in fresh.values():
            setattr(row, column.wrap, wrap)
            changed.append(row)
    if changed:
        column.model._base_manager.bulk_update(changed, [column.wrap])
    return len(changed), stuck
