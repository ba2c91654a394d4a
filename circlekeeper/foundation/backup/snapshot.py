"""A consistent copy of the main database at one moment, while others write on."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from circlekeeper.foundation.backup import faults, postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILES = {SQLITE: "circlekeeper.sqlite3", POSTGRESQL: "circlekeeper.pgdump"}
# Not in a backup: who is signed in; letters that wait and the answers they rest on, whose sealed address this machine's own
# key opens; what an old copy must not bring back (those answers, calendar addresses); the cache.
LEFT_OUT = (
    "accounts_opensession",
    "vault_keysession",
    "post_letter",
    "roster_reach",
    "meetings_feed",
    "django_session",
    "circlekeeper_cache",
)


def kind() -> str:
    """Which kind of database is in use: ``sqlite`` or ``postgresql``."""
    return connections["default"].vendor


def take(folder: Path) -> Path:
    """Copy the main database into a folder that is closed to others; the file.

    :raises BackupFailed: there is no room, or the database or its programs refused.
    """
    into = folder / FILES[kind()]
    if kind() == POSTGRESQL:
        tables = connections["default"].introspection.table_names()
        postgres.dump(into, without_rows_of=[table for table in LEFT_OUT if table in tables])
    else:
        _vacuum(into)
    return into


def _vacuum(into: Path) -> None:
    """SQLite: one read transaction, and a file without free pages, in which nothing deleted lingers."""
    try:
        with opened(Path(connections["default"].settings_dict["NAME"])) as source:
            source.execute("VACUUM INTO ?", [str(into)])
        with opened(into) as copy:
            copy.execute("PRAGMA secure_delete=ON")
            copy.execute("PRAGMA journal_mode=MEMORY")
            here = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table in here.intersection(LEFT_OUT):
                copy.execute(f"DELETE FROM {table}")  # noqa: S608
    except sqlite3.Error as failure:
        raise faults.from_database(failure) from None


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """An SQLite connection of its own, in no transaction, that knows what our tables' constraints need."""
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    try:
        connection.create_function("REGEXP", 2, _matches, deterministic=True)
        yield connection
    finally:
        connection.close()


def _matches(pattern: str | None, text: object) -> bool | None:
    return None if pattern is None or text is None else bool(re.search(pattern, str(text)))
