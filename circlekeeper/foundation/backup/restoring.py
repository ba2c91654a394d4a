"""Putting a backup into an empty folder. The folder is closed until ``reconciling.reconcile`` opens it."""

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyrage import x25519

from circlekeeper.foundation.backup import archive, canary, closing, faults, identity, postgres, snapshot

STORE_FILE = "shred.sqlite3"
_STORE_KEYS = ("shred-store.key", "shred-store-next.key")
# What may lie in the folder beforehand: the shred store, which no backup carries, and what this module leaves if it dies.
_MAY_BE_THERE = {
    *(STORE_FILE + end for end in ("", "-wal", "-shm")),
    "keys",
    "checkpoints",
    closing.FILE,
    "backup.lock",
}
_HALF_DONE = "restoring"


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back. ``store``: whether the shred store is beside it, without which no record opens."""

    folder: Path
    made_at: datetime
    store: bool


def restore(path: Path, *, data: Path, keys: Sequence[str] = (), store: Path | None = None) -> Restored:
    """Put a backup into ``data``, which must hold no data yet, and close that folder.

    ``keys``: age identities to open it with, as text; those in ``data`` and of this machine are tried too. ``store``: a
    data folder (the old one, or a copy) to take the shred store, its key and the newest checkpoint from. Needs no
    database connection, except on PostgreSQL, whose main database must be empty.

    :raises BackupFailed: nothing was opened; what was begun can be begun again.
    """
    _refuse_if_used(data)
    identities = [*map(identity.parse, keys), *_identities_near(data)]
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    data.chmod(0o700)
    room = data / _HALF_DONE
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700)
    try:
        manifest = archive.unpack(path, room, identities)
        _refuse_other_database(manifest)
        closing.close(data, manifest.made_at)
        if store is not None:
            _take_store(store, data)
        _move_in(room, data, manifest)
    except OSError:
        raise faults.not_written(full=False) from None
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return Restored(data, manifest.made_at, (data / STORE_FILE).exists())


def _refuse_if_used(data: Path) -> None:
    if not data.exists():
        return
    names = {each.name for each in data.iterdir()}
    keys = {each.name for each in (data / "keys").glob("*")}
    half_done = (data / closing.FILE).exists()
    own_keys = {*_STORE_KEYS, identity.FILE, "cookie.key"}
    if names - _MAY_BE_THERE - {_HALF_DONE} or (keys - own_keys and not half_done):
        raise faults.not_empty()


def _identities_near(data: Path) -> list[x25519.Identity]:
    """The key beside the data, if it was brought along, and this machine's own."""
    places = [data / "keys" / identity.FILE, identity.path()]
    return [
        identity.parse(place.read_text(encoding="utf-8")) for place in dict.fromkeys(places) if place.is_file()
    ]


def _refuse_other_database(manifest: archive.Manifest) -> None:
    if manifest.database not in snapshot.FILES or manifest.database != snapshot.kind():
        raise faults.other_database()


def _take_store(old: Path, data: Path) -> None:
    """A consistent copy of another folder's shred store, its key, and the newest checkpoint of the log."""
    if not (old / STORE_FILE).is_file():
        raise faults.unreadable()
    for file in (STORE_FILE, *(STORE_FILE + end for end in ("-wal", "-shm"))):
        (data / file).unlink(missing_ok=True)
    try:
        with snapshot.opened(old / STORE_FILE) as source:
            source.execute("VACUUM INTO ?", [str(data / STORE_FILE)])
    except sqlite3.Error:
        raise faults.not_written(full=False) from None
    (data / STORE_FILE).chmod(0o600)
    for name in _STORE_KEYS:
        _copy(old / "keys" / name, data / "keys" / name)
    _copy(old / "checkpoints" / "latest.txt", data / "checkpoints" / "latest.txt")


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o600)


def _move_in(room: Path, data: Path, manifest: archive.Manifest) -> None:
    """Keys first, the database last: a folder with a database in it is complete."""
    (data / "keys").mkdir(mode=0o700, exist_ok=True)
    for part in sorted((room / "keys").glob("*")):
        part.replace(data / "keys" / part.name)
    file = room / snapshot.FILES[manifest.database]
    if manifest.database == snapshot.POSTGRESQL:
        postgres.load(file)
    else:
        for end in ("-wal", "-shm"):
            (data / (file.name + end)).unlink(missing_ok=True)
        file.replace(data / file.name)
    for left in (archive.MANIFEST, canary.FILE, snapshot.FILES[snapshot.POSTGRESQL]):
        (room / left).unlink(missing_ok=True)
    for part in room.glob("*"):
        if part.is_file():
            part.replace(data / part.name)
