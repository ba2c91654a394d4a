"""The key under which the shred store keeps its secrets, and how it is replaced.

Two files in ``DATA_DIR/keys``: ``shred-store.key``, and ``shred-store-next.key`` for as long as a replacement runs.
"""

import contextlib
import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from circlekeeper.foundation import keyfile, turns
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.vault import envelope
from circlekeeper.foundation.vault.shred.models import Secret

STORE = "shred"
_BATCH = 200
# Any number will do as long as nothing else locks it.
_LOCK = int.from_bytes(b"ckshreds")

_log = logging.getLogger(__name__)


class StoreKeyMissing(Exception):
    """The store holds secrets and its key file is gone. Nothing is made in its place: put the file back."""

    def __init__(self) -> None:
        super().__init__("keys/shred-store.key is missing while the shred store holds secrets; put it back")


class StoreKeys:
    """The store keys of this moment: the one in force, and the one a replacement is putting in its place.

    :raises StoreKeyMissing: there are secrets, but no key.
    :raises ValueError: a key file is damaged.
    """

    def __init__(self) -> None:
        if not _path().exists() and Secret.objects.exists():
            raise StoreKeyMissing
        found = [keyfile.read_or_make(_path())]
        # Read and not made: a replacement may end between a look and a read.
        with contextlib.suppress(FileNotFoundError):
            found.append(next_path().read_bytes())
        self.newest = found[-1]
        self._by_id = {envelope.key_id(key): key for key in found}

    def opens(self, sealed: bytes | memoryview) -> bool:
        """Whether one of these keys sealed it."""
        return envelope.sealed_under(sealed) in self._by_id

    def open(self, secret_id: str, group_id: str, sealed: bytes | memoryview) -> bytes:
        """The value of one secret.

        :raises SealBroken: no store key fits, or the row was changed or swapped.
        """
        key = self._by_id.get(envelope.sealed_under(sealed))
        if key is None:
            raise envelope.SealBroken
        return envelope.unseal(key, sealed, place(secret_id, group_id))


def _path() -> Path:
    return Path(settings.DATA_DIR) / "keys" / "shred-store.key"


def next_path() -> Path:
    """Where the next key stands while a replacement runs."""
    return _path().with_name("shred-store-next.key")


def place(secret_id: str, group_id: str) -> envelope.Place:
    """Where a secret belongs in the store."""
    return envelope.Place("vault_shred_secret", secret_id, "sealed", group_id)


@contextlib.contextmanager
def writing(*, alone: bool = False) -> Iterator[None]:
    """A write transaction on the store. Nobody replaces the store key meanwhile; ``alone``: nobody else writes either.

    Read the store keys inside it: a secret sealed under a key that is just being retired would be lost.
    """
    with outside_action("shred store"), turns.turn(STORE), transaction.atomic(using=STORE):
        if connections[STORE].vendor == "postgresql":
            # SQLite transactions here begin IMMEDIATE and so are alone already.
            lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
            with connections[STORE].cursor() as cursor:
                cursor.execute(f"SELECT {lock}(%s)", [_LOCK])
        yield


def checkpoint() -> bool:
    """On SQLite: move the write-ahead log into the file and cut it to nothing. False if a reader was in the way."""
    connection = connections[STORE]
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = bool(cursor.fetchone()[0])
    if busy:
        _log.warning("the shred store's log could not be cut yet: something is still reading it")
    return not busy


def rotate_store_key() -> int:
    """Seal every remaining secret under a fresh store key and destroy the old one; returns how many were sealed anew.

    Crash-safe: both keys stand side by side until every secret is under the new one. Whatever was interrupted,
    ``finish_rotation`` completes; until then everything opens.
    """
    finish_rotation()
    keyfile.read_or_make(next_path())
    return finish_rotation()


def finish_rotation() -> int:
    """Complete a replacement of the store key that was begun; does nothing if none was. For start-up."""
    if not next_path().exists():
        return 0
    count = _seal_anew()
    _retire_old_key()
    checkpoint()
    return count


def _seal_anew() -> int:
    with writing(alone=True):
        keys = StoreKeys()
        current = envelope.key_id(keys.newest)
        every = Secret.objects.order_by("pk").values_list("pk", "group_id", "sealed")
        rows = [row for row in every if envelope.sealed_under(row[2]) != current]
        with connections[STORE].cursor() as cursor:
            for start in range(0, len(rows), _BATCH):
                batch = [
                    (envelope.seal(keys.newest, keys.open(pk, group, sealed), place(pk, group)), pk)
                    for pk, group, sealed in rows[start : start + _BATCH]
                ]
                # Much faster than bulk_update, and the store is locked meanwhile.
                cursor.executemany("UPDATE vault_shred_secret SET sealed = %s WHERE id = %s", batch)
    return len(rows)


def _retire_old_key() -> None:
    """Let the next key take the old one's name. Every secret is committed under it, and no writer uses the old one."""
    with writing(alone=True):
        if not next_path().exists():
            return  # another process was first
        if _path().exists():
            _overwrite(_path())
        os.replace(next_path(), _path())
        _sync(_path().parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _overwrite(path: Path) -> None:
    """Write over a key before its file goes. A solid-state disk may still hold the old bytes somewhere."""
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, secrets.token_bytes(keyfile.KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
