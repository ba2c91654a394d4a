"""Making, reading and destroying the secrets of the shred store."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import nacl.utils
from django.conf import settings
from django.db import connections, transaction

from circlekeeper.foundation import keyfile
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import envelope
from circlekeeper.foundation.vault.shred.models import Secret, Tombstone

STORE = "shred"
_BATCH = 5000


class Shredded(Exception):
    """The secret is gone; nothing can open what it sealed. Deliberate and final."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A fresh secret and the id to remember it by."""

    id: str
    value: bytes


def _key_path() -> Path:
    return Path(settings.DATA_DIR) / "keys" / "shred-store.key"


class _Keys:
    """The store keys of this moment, read once: the one in force, and the one a rotation is putting in place."""

    def __init__(self) -> None:
        paths = [_key_path(), *([_next_path()] if _next_path().exists() else [])]
        found = [keyfile.read_or_make(path) for path in paths]
        self.newest = found[-1]
        self._by_id = {envelope.key_id(key): key for key in found}

    def open(self, row_id: str, group_id: str, sealed: bytes | memoryview) -> bytes:
        """The value of one secret.

        :raises SealBroken: no store key fits.
        """
        key = self._by_id.get(bytes(sealed)[1:9])
        if key is None:
            raise envelope.SealBroken
        return envelope.unseal(key, bytes(sealed), _place(row_id, group_id))


def _next_path() -> Path:
    return _key_path().with_name("shred-store-next.key")


def _place(secret_id: str, group_id: str) -> envelope.Place:
    return envelope.Place("vault_shred_secret", secret_id, "sealed", group_id)


def _row(
    keys: _Keys, *, record: str, group_id: str, now: datetime, day: date | None = None
) -> tuple[Secret, NewSecret]:
    fresh = NewSecret(new_id(), nacl.utils.random(32))
    sealed = envelope.seal(keys.newest, fresh.value, _place(fresh.id, group_id))
    row = Secret(pk=fresh.id, group_id=group_id, record=record, day=day, sealed=sealed, made_at=now)
    return row, fresh


def new_secret(*, record: str, group_id: str, now: datetime) -> NewSecret:
    """Make one secret. Make it before the row that needs it; one without a row is reaped."""
    return new_secrets(1, record=record, group_id=group_id, now=now)[0]


def new_secrets(count: int, *, record: str, group_id: str, now: datetime) -> list[NewSecret]:
    """Make many secrets in one write."""
    keys = _Keys()
    made = [_row(keys, record=record, group_id=group_id, now=now) for _ in range(count)]
    with outside_action("shred store"):
        Secret.objects.bulk_create([row for row, _ in made], batch_size=_BATCH)
    return [fresh for _, fresh in made]


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
    keys, wanted, found = _Keys(), list(ids), {}
    for start in range(0, len(wanted), _BATCH):
        rows = Secret.objects.filter(pk__in=wanted[start : start + _BATCH])
        for pk, group, sealed in rows.values_list("pk", "group_id", "sealed"):
            found[pk] = keys.open(pk, group, sealed)
    return found


def day_secret(*, group_id: str, record: str, day: date, now: datetime) -> NewSecret:
    """The one secret of a group's record class and day, made if it is not there; safe when many ask at once."""
    keys = _Keys()
    with outside_action("shred store"):
        row, fresh = _row(keys, record=record, group_id=group_id, now=now, day=day)
        same = Secret.objects.filter(group_id=group_id, record=record, day=day)
        found = same.values_list("pk", "sealed").first()
        if found is None:
            Secret.objects.bulk_create([row], ignore_conflicts=True)
            found = same.values_list("pk", "sealed").get()
    return fresh if found[0] == fresh.id else NewSecret(found[0], keys.open(found[0], group_id, found[1]))


def shred(ids: Sequence[str], *, now: datetime) -> int:
    """Destroy secrets; those on hold stay. Returns how many were destroyed.

    The delete, the check of holds and the tombstones are one transaction. On SQLite the store is then checkpointed and
    its log truncated, so that the bytes are in no file.
    """
    gone = 0
    with outside_action("shred store"):
        for start in range(0, len(ids), _BATCH):
            with transaction.atomic(using=STORE):
                rows = Secret.objects.select_for_update().filter(pk__in=ids[start : start + _BATCH])
                free = list(rows.exclude(held_until__gte=now.date()).values_list("pk", flat=True))
                Secret.objects.filter(pk__in=free).delete()
                Tombstone.objects.bulk_create(Tombstone(kind="shred", ref=each, at=now) for each in free)
                gone += len(free)
    if gone:
        checkpoint()
    return gone


def checkpoint() -> None:
    """On SQLite: move the write-ahead log into the file and cut it to nothing."""
    connection = connections[STORE]
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def hold(ids: Iterable[str], *, until: date) -> None:
    """Refuse to destroy these secrets until the end of a day."""
    with outside_action("shred store"):
        Secret.objects.filter(pk__in=list(ids)).update(held_until=until)


def release(ids: Iterable[str]) -> None:
    """End a hold."""
    with outside_action("shred store"):
        Secret.objects.filter(pk__in=list(ids)).update(held_until=None)


def held(ids: Iterable[str], *, on: date) -> set[str]:
    """Which of these are on hold on a day."""
    return set(Secret.objects.filter(pk__in=list(ids), held_until__gte=on).values_list("pk", flat=True))


def remember(kind: str, ref: str, *, now: datetime) -> None:
    """Note something that must stay gone after a restore: a revocation, a withdrawal."""
    with outside_action("shred store"):
        Tombstone.objects.create(kind=kind, ref=ref, at=now)


def reap_orphans(*, used: set[str], now: datetime, older_than: timedelta = timedelta(days=1)) -> int:
    """Destroy secrets that no row uses: their action failed after they were made. Day secrets are left to their date."""
    old = Secret.objects.filter(made_at__lt=now - older_than, day__isnull=True).values_list("pk", flat=True)
    return shred(sorted(set(old) - used), now=now)


def rotate_store_key() -> int:
    """Seal every remaining secret under a fresh store key and destroy the old one; returns how many were sealed anew.

    Crash-safe: the next key stands beside the old one until every secret is under it; a second call finishes the first.
    """
    fresh = keyfile.read_or_make(_next_path())
    with outside_action("shred store"), transaction.atomic(using=STORE):
        rows = list(Secret.objects.select_for_update().all())
        keys = _Keys()
        for row in rows:
            value = keys.open(row.pk, row.group_id, row.sealed)
            row.sealed = envelope.seal(fresh, value, _place(row.pk, row.group_id))
        Secret.objects.bulk_update(rows, ["sealed"], batch_size=_BATCH)
    # The name changes hands in one step; the old key's file is gone with it.
    os.replace(_next_path(), _key_path())
    checkpoint()
    return len(rows)
