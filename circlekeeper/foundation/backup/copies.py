"""Reading a restored copy of the main database without letting the running program near it."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from circlekeeper.foundation.backup import archive, faults, postgres, snapshot

_BATCH = 5000
_VERDICT_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Copy:
    """An opened copy. ``url`` is empty for SQLite, whose file lies in the folder."""

    folder: Path
    url: str
    connection: Any

    def integrity(self) -> bool:
        """Whether the database is whole. PostgreSQL has shown it by loading the dump."""
        if self.url:
            return True
        whole = self.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return bool(whole and not self.connection.execute("PRAGMA foreign_key_check").fetchall())

    def tables(self) -> set[str]:
        """Every table in it."""
        asked = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if self.url
            else "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        return {name for (name,) in self.connection.execute(asked)}

    def distinct(self, tables: Iterable[str], column: str) -> Iterator[list[str]]:
        """The different values of a column that several tables have, without empty ones, in batches."""
        name = sql.Identifier(column).as_string()
        each = [
            f"SELECT {name} FROM {sql.Identifier(table).as_string()} WHERE {name} <> ''"  # noqa: S608
            for table in tables
        ]
        if not each:
            return
        rows = self.connection.execute(" UNION ".join(each))
        while batch := rows.fetchmany(_BATCH):
            yield [value for (value,) in batch]

    def log_verdict(self) -> dict[str, Any]:
        """What ``ledger.verify`` says of the copy, asked in a process of its own."""
        environment = {key: value for key, value in os.environ.items() if not key.endswith("DATABASE_URL")}
        environment["CIRCLEKEEPER_DATA"] = str(self.folder)
        if self.url:
            environment["DATABASE_URL"] = self.url
        try:
            done = subprocess.run(
                [sys.executable, "-m", "circlekeeper.foundation.backup.inside"],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=_VERDICT_SECONDS,
            )
            found: dict[str, Any] = json.loads(done.stdout)
        except (ValueError, subprocess.TimeoutExpired):
            return {"ok": False, "detail": ""}
        return found


@contextmanager
def opened(folder: Path, manifest: archive.Manifest) -> Iterator[Copy]:
    """The copy that was unpacked into a folder.

    :raises BackupFailed: it does not open, or holds another kind of database than is in use.
    """
    file = folder / snapshot.FILES.get(manifest.database, "")
    if not file.is_file():
        raise faults.damaged()
    if manifest.database != snapshot.kind():
        raise faults.other_database()
    try:
        if manifest.database == snapshot.POSTGRESQL:
            with postgres.scratch(file) as (reach, url), psycopg.connect(reach) as connection:
                yield Copy(folder, url, connection)
        else:
            with snapshot.opened(file) as connection:
                yield Copy(folder, "", connection)
    except (sqlite3.DatabaseError, psycopg.Error):
        raise faults.damaged() from None
