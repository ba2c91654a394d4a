"""What was stolen: copies of the databases and the key files beside them. Nothing of the original is written to."""

import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from circlekeeper.foundation.backup import archive, identity
from circlekeeper.foundation.vault import envelope, storekeys

MAIN, STORE = "circlekeeper.sqlite3", "shred.sqlite3"
_BESIDE = ("", "-wal", "-shm")
_STORE_KEYS = ("shred-store.key", "shred-store-next.key")

Row = Mapping[str, Any]


class Tables:
    """The rows of one SQLite file, read past every guard the program has."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.row_factory = sqlite3.Row
        asked = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self._names = {name for (name,) in asked}

    def rows(self, table: str) -> list[Row]:
        """Every row; none if there is no such table."""
        if table not in self._names:
            return []
        return [dict(row) for row in self._connection.execute(f'SELECT * FROM "{table}"')]  # noqa: S608

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Loot:
    """One haul: a main database, maybe a shred store, and key files by name."""

    main: Tables
    store: Tables | None
    keys: Mapping[str, bytes] = field(repr=False)

    def secrets(self) -> dict[str, bytes]:
        """What the shred store gives: every secret its key files open."""
        if self.store is None:
            return {}
        opening = [self.keys[name] for name in _STORE_KEYS if name in self.keys]
        found = {}
        for row in self.store.rows("vault_shred_secret"):
            for key in opening:
                place = storekeys.place(row["id"], row["group_id"])
                value = opened(key, row["sealed"], place)
                if value is not None:
                    found[row["id"]] = value
        return found

    def close(self) -> None:
        """Let the files go."""
        for tables in (self.main, self.store):
            if tables is not None:
                tables.close()


def opened(key: bytes, blob: bytes, place: envelope.Place) -> bytes | None:
    """What a blob holds; None if this key does not open it there."""
    try:
        return envelope.unseal(key, blob, place)
    except (envelope.SealBroken, TypeError):
        return None


def of_folder(folder: Path, room: Path) -> Loot:
    """Take a data folder: copies go into ``room``, with what their write-ahead logs hold.

    :raises FileNotFoundError: it holds no main database.
    """
    for name in (MAIN, STORE):
        for ending in _BESIDE:
            if (folder / (name + ending)).is_file():
                shutil.copyfile(folder / (name + ending), room / (name + ending))
    if not (room / MAIN).is_file():
        raise FileNotFoundError(folder / MAIN)
    store = Tables(room / STORE) if (room / STORE).is_file() else None
    return Loot(Tables(room / MAIN), store, key_files(folder))


def of_backup(file: Path, room: Path, key_texts: Iterable[str]) -> Loot:
    """Take a backup file, with whatever age identities lie around.

    :raises BackupFailed: none of them opens it, or it holds no SQLite database.
    """
    identities = [identity.parse(text) for text in key_texts]
    archive.unpack(file, room, identities)
    if not (room / MAIN).is_file():
        raise FileNotFoundError(room / MAIN)
    store = Tables(room / STORE) if (room / STORE).is_file() else None
    return Loot(Tables(room / MAIN), store, key_files(room))


def key_files(folder: Path) -> dict[str, bytes]:
    """The files in the key folder, by name."""
    return {path.name: path.read_bytes() for path in sorted((folder / "keys").glob("*")) if path.is_file()}
