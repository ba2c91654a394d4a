"""The machine: versions, the data folder, keys, disk, database."""

import platform
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections, transaction

import circlekeeper
from circlekeeper.cli import setup
from circlekeeper.cli.doctor.examine import Check, fail, ok, warn

# The first release without the WAL-reset bug (sqlite.org/wal.html#walresetbug).
SQLITE_SAFE = (3, 51, 3)
DISK_LOW, DISK_OUT = 500 * 1024**2, 50 * 1024**2
START = "circlekeeper up --data {folder}"


def versions(folder: Path) -> list[Check]:
    """Ours, Python's, Django's, SQLite's."""
    import sqlite3

    import django

    del folder
    words = f"Circlekeeper {circlekeeper.__version__}, Python {platform.python_version()}, Django {django.__version__}."
    sqlite = ".".join(map(str, sqlite3.sqlite_version_info))
    if sqlite3.sqlite_version_info < SQLITE_SAFE and _on_sqlite():
        lost = f"SQLite {sqlite} can lose data after a power cut; 3.51.3 or newer is needed."
        return [ok("versions", words), fail("sqlite", lost, "make clean setup")]
    return [ok("versions", words), ok("sqlite", f"SQLite {sqlite}.")]


def keys(folder: Path) -> list[Check]:
    """The data folder and its keys are closed to other users."""
    if not setup.has_data(folder) and not (folder / "keys").exists():
        return [warn("keys", f"Nothing was set up in {folder} yet.", START.format(folder=folder))]
    open_paths = [
        path for path in (folder, folder / "keys", *(folder / "keys").glob("*")) if _open_to_others(path)
    ]
    if open_paths:
        words = f"{len(open_paths)} of the data folder's files can be read by other users of this machine."
        return [fail("keys", words, f"chmod -R go= {folder}")]
    return [ok("keys", "Only this user can read the keys.")]


def _open_to_others(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def disk(folder: Path) -> list[Check]:
    """Room on the disk that holds the data."""
    place = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(place).free
    words = f"{free // 1024**2} MB are free where the data is."
    if free < DISK_OUT:
        return [fail("disk", words + " Writing will soon fail.", f"df -h {place}")]
    if free < DISK_LOW:
        return [warn("disk", words, f"df -h {place}")]
    return [ok("disk", words)]


def database(folder: Path) -> list[Check]:
    """Each database answers, can be written, and has this release's tables."""
    if not setup.has_data(folder):
        return [warn("database", "There is no database yet.", START.format(folder=folder))]
    return [_one_database(alias, folder) for alias in connections]


def _one_database(alias: str, folder: Path) -> Check:
    name = "database" if alias == "default" else f"database-{alias}"
    start = START.format(folder=folder)
    try:
        if _waiting_migrations(alias):
            return fail(name, "The tables are older than this release.", start)
        _write_and_undo(alias)
    except DatabaseError:
        mend = f"ls -ld {folder}" if _on_sqlite() else "pg_isready"
        return fail(name, "The database cannot be written.", mend)
    return ok(name, f"The database can be written ({connections[alias].display_name}).")


def _waiting_migrations(alias: str) -> int:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _write_and_undo(alias: str) -> None:
    """Write one line into a table of Django's own, and take it back."""
    from django.db.migrations.recorder import MigrationRecorder

    with transaction.atomic(using=alias):
        MigrationRecorder(connections[alias]).record_applied("doctor", "write_test")
        transaction.set_rollback(True, using=alias)


def _on_sqlite() -> bool:
    return any(connections[alias].vendor == "sqlite" for alias in connections)


def mail(folder: Path) -> list[Check]:
    """Whether letters can leave."""
    del folder
    if not settings.EMAIL_URL:
        words = "No mail server is set, so letters wait and nobody gets them."
        return [warn("mail", words, "EMAIL_URL=smtp+tls://user:password@host:587 circlekeeper up")]
    return [ok("mail", "A mail server is set.")]


CHECKS: dict[str, Callable[[Path], list[Check]]] = {
    "versions": versions,
    "keys": keys,
    "disk": disk,
    "database": database,
    "mail": mail,
}
