"""Making, reading and destroying the secrets of the shred store."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

import nacl.utils

from circlekeeper.foundation import planned
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import envelope, storekeys
from circlekeeper.foundation.vault.shred.models import Secret, Tombstone
from circlekeeper.foundation.vault.storekeys import (
    STORE,
    StoreKeys,
    checkpoint,
    finish_rotation,
    rotate_store_key,
    writing,
)

__all__ = [
    "STORE",
    "NewSecret",
    "Shredded",
    "Stone",
    "TooManyOrphans",
    "checkpoint",
    "day_secret",
    "finish_rotation",
    "held",
    "held_until",
    "hold",
    "new_secret",
    "new_secrets",
    "one_write",
    "orphans",
    "reap_orphans",
    "release",
    "remember",
    "rotate_store_key",
    "secret",
    "secrets",
    "shred",
    "tombstones",
]

_BATCH = 5000
_TRIES = 3


# A secret whose row was never written is reaped within a few days; one this old has had a row.
SETTLED = timedelta(days=7)
FEW = 20


class TooManyOrphans(Exception):
    """Many secrets lost their rows at once: the database is another one, or somebody emptied it. Nothing was destroyed."""


class Shredded(Exception):
    """The secret is gone; nothing can open what it sealed. Deliberate and final."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A fresh secret and the id to remember it by."""

    id: str
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Made:
    """A secret that is still to be written."""

    fresh: NewSecret
    record: str
    group_id: str
    now: datetime


_waiting: ContextVar[list[_Made] | None] = ContextVar("circlekeeper_new_secrets", default=None)


@dataclass(frozen=True, slots=True)
class Stone:
    """One thing that must stay gone: ``shred``, ``grant``, ``consent`` …, of what (opaque ids), since when."""

    kind: str
    ref: str
    at: datetime


def new_secret(*, record: str, group_id: str, now: datetime) -> NewSecret:
    """Make one secret. Make it before the row that needs it; one without a row is reaped."""
    return new_secrets(1, record=record, group_id=group_id, now=now)[0]


def new_secrets(count: int, *, record: str, group_id: str, now: datetime) -> list[NewSecret]:
    """Make many secrets in one write; inside ``one_write`` they are part of that one."""
    made = [_Made(NewSecret(new_id(), nacl.utils.random(32)), record, group_id, now) for _ in range(count)]
    waiting = _waiting.get()
    if waiting is None:
        _write(made)
    else:
        waiting += made
    return [each.fresh for each in made]


@contextmanager
def one_write() -> Iterator[None]:
    """Write all secrets that are made in this block at its end, in one transaction; none if the block fails.

    Until then no other process, and no query, knows of them: the rows that need them come after the block.
    """
    token = _waiting.set([])
    try:
        yield
        _write(_waiting.get() or [])
    finally:
        _waiting.reset(token)


def _write(made: Sequence[_Made]) -> None:
    with writing():
        keys = StoreKeys()
        planned.insert([_row(keys, each) for each in made], using=STORE)


def _row(keys: StoreKeys, made: _Made, *, day: date | None = None) -> Secret:
    fresh = made.fresh
    sealed = envelope.seal(keys.newest, fresh.value, storekeys.place(fresh.id, made.group_id))
    return Secret(
        pk=fresh.id, group_id=made.group_id, record=made.record, day=day, sealed=sealed, made_at=made.now
    )


def secret(secret_id: str) -> bytes:
    """The value of one secret.

    :raises Shredded: it is gone.
    """
    found = secrets([secret_id])
    if secret_id not in found:
        raise Shredded
    return found[secret_id]


def secrets(ids: Iterable[str]) -> dict[str, bytes]:
    """The values of these secrets, one query per five thousand; those that are gone are absent."""
    found: dict[str, bytes] = {}
    for batch in _batches(ids):
        found |= _read(batch)
    return found


def _read(ids: Sequence[str]) -> dict[str, bytes]:
    for _ in range(_TRIES):
        rows = list(Secret.objects.filter(pk__in=ids).values_list("pk", "group_id", "sealed"))
        keys = StoreKeys()
        # The store key may be replaced between the two reads; then both are read again.
        if all(keys.opens(sealed) for _pk, _group, sealed in rows):
            break
    return {pk: keys.open(pk, group, sealed) for pk, group, sealed in rows}


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(ids)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def day_secret(*, group_id: str, record: str, day: date, now: datetime) -> NewSecret:
    """The one secret of a group's record class and day, made if it is not there; safe when many ask at once."""
    same = Secret.objects.filter(group_id=group_id, record=record, day=day).values_list("pk", flat=True)
    found = same.first()
    if found is None:
        with writing():
            made = _Made(NewSecret(new_id(), nacl.utils.random(32)), record, group_id, now)
            row = _row(StoreKeys(), made, day=day)
            Secret.objects.bulk_create([row], ignore_conflicts=True)
        found = same.get()
    return NewSecret(found, secret(found))


def shred(ids: Iterable[str], *, now: datetime) -> int:
    """Destroy secrets; those on hold stay. Returns how many were destroyed.

    The delete, the check of holds and the tombstones are one transaction. On SQLite the store is then checkpointed and
    its log cut to nothing, so that the bytes are in no file; ``rotate_store_key`` makes what a disk may keep useless.
    """
    gone = 0
    for batch in _batches(ids):
        with writing():
            rows = Secret.objects.select_for_update().filter(pk__in=batch).order_by("pk")
            free = list(rows.exclude(held_until__gte=now.date()).values_list("pk", flat=True))
            Secret.objects.filter(pk__in=free).delete()
            Tombstone.objects.bulk_create(Tombstone(kind="shred", ref=each, at=now) for each in free)
        gone += len(free)
    # Also when nothing went: an earlier call may have been cut off between its delete and this.
    checkpoint()
    return gone


def hold(ids: Iterable[str], *, until: date) -> int:
    """Refuse to destroy these secrets until the end of a day. Returns how many are there to be held."""
    with outside_action("shred store"):
        return sum(Secret.objects.filter(pk__in=batch).update(held_until=until) for batch in _batches(ids))


def release(ids: Iterable[str]) -> int:
    """End a hold. Returns how many of these secrets are still there."""
    with outside_action("shred store"):
        return sum(Secret.objects.filter(pk__in=batch).update(held_until=None) for batch in _batches(ids))


def held(ids: Iterable[str], *, on: date) -> set[str]:
    """Which of these are on hold on a day."""
    found: set[str] = set()
    for batch in _batches(ids):
        found |= set(Secret.objects.filter(pk__in=batch, held_until__gte=on).values_list("pk", flat=True))
    return found


def held_until(ids: Iterable[str], *, on: date) -> dict[str, date]:
    """Until the end of which day each of these that is on hold on a day is held."""
    found: dict[str, date] = {}
    for batch in _batches(ids):
        rows = Secret.objects.filter(pk__in=batch, held_until__gte=on)
        found |= {pk: until for pk, until in rows.values_list("pk", "held_until") if until}
    return found


def remember(kind: str, ref: str, *, now: datetime) -> None:
    """Note something that must stay gone after a restore: a revocation, a withdrawal."""
    with outside_action("shred store"):
        Tombstone.objects.create(kind=kind, ref=ref, at=now)


def tombstones(kind: str) -> list[Stone]:
    """Everything of one kind that must stay gone, oldest first; for whoever puts a restored database right."""
    rows = Tombstone.objects.filter(kind=kind).order_by("at", "pk")
    return [Stone(*row) for row in rows.values_list("kind", "ref", "at")]


def orphans(*, used: set[str], now: datetime, older_than: timedelta = timedelta(days=1)) -> list[str]:
    """Secrets that no row uses: their action failed after they were made. Day secrets are left to their date.

    :raises TooManyOrphans: secrets that lived for long are suddenly of no use to anyone.
    """
    old = Secret.objects.filter(day__isnull=True, made_at__lt=now - older_than).values_list("pk", "made_at")
    known = dict(old)
    found = sorted(known.keys() - used)
    settled = sum(made_at < now - SETTLED for made_at in known.values())
    strange = sum(known[each] < now - SETTLED for each in found)
    if strange > max(FEW, settled // 10):
        raise TooManyOrphans
    return found


def reap_orphans(*, used: set[str], now: datetime, older_than: timedelta = timedelta(days=1)) -> int:
    """Destroy ``orphans``; returns how many. Raises as it does."""
    return shred(orphans(used=used, now=now, older_than=older_than), now=now)
