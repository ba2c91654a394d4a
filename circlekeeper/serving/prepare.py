"""Before anything runs: a closed data folder, databases in step with this release, the cache table."""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from circlekeeper.serving import trouble

LOCK_FILE = "running.lock"
ROOM_NEEDED = 16 * 1024 * 1024
MIGRATION_LOCK = 7_014_883_921  # any number, the same everywhere


def data_folder(folder: Path) -> None:
    """Make the folder if need be, close it to other users (0700), and see that it can be written.

    :raises Trouble: it cannot be made, written or closed, or its disk is full.
    """
    os.umask(0o077)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            _close(folder)
        probe = folder / ".probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise trouble.from_system(error, folder) or trouble.not_writable(folder) from error
    if shutil.disk_usage(folder).free < ROOM_NEEDED:
        raise trouble.disk_full(folder)


def _close(folder: Path) -> None:
    if folder.stat().st_uid != os.geteuid():
        raise trouble.not_ours(folder)
    folder.chmod(0o700)


def only_one(folder: Path) -> int:
    """Hold the folder's lock until this program ends (it stays held through an exec); returns its descriptor.

    A second service on the same SQLite files would do every job twice.

    :raises Trouble: another one holds it.
    """
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        os.close(descriptor)
        raise trouble.already_running(folder) from held
    os.set_inheritable(descriptor, True)
    return descriptor


def databases(folder: Path) -> None:
    """Bring every database to this release's tables. Does nothing, quickly, when they are.

    :raises Trouble: a database does not answer, cannot be written, or was written by a newer release.
    """
    from django.db import connections
    from django.db.utils import DatabaseError

    for alias in connections:
        try:
            with _one_at_a_time(connections[alias]):
                _migrate(alias)
                if alias == "default":
                    _stamps()
            if alias == "default":
                _cache_table(connections[alias])
        except DatabaseError as error:
            raise trouble.from_system(error, folder) or trouble.database_away(alias) from error
        finally:
            connections[alias].close()


def in_step(folder: Path) -> None:
    """See that every database has this release's tables, changing nothing.

    :raises Trouble: they are older or newer, or a database does not answer.
    """
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import DatabaseError

    for alias in connections:
        try:
            executor = MigrationExecutor(connections[alias])
        except DatabaseError as error:
            raise trouble.from_system(error, folder) or trouble.database_away(alias) from error
        _refuse_newer(executor)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise trouble.older_data()


@contextmanager
def _one_at_a_time(connection: Any) -> Iterator[None]:
    """On PostgreSQL several machines may start at once; the first one migrates."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _migrate(alias: str) -> None:
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from circlekeeper.foundation import guard

    executor = MigrationExecutor(connections[alias])
    _refuse_newer(executor)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with guard.outside_action("migrations"):
            call_command(
                "migrate", database=alias, interactive=False, verbosity=0, skip_checks=True, stdout=sys.stderr
            )


def _stamps() -> None:
    from circlekeeper.foundation import memo, stamps

    stamps.install_missing(memo.stamped_tables())


def _refuse_newer(executor: Any) -> None:
    graph = executor.loader.graph
    ours = {app for app, _ in graph.nodes}
    unknown = [key for key in executor.loader.applied_migrations if key[0] in ours and key not in graph.nodes]
    replaced = {key for migration in executor.loader.disk_migrations.values() for key in migration.replaces}
    if any(key not in replaced for key in unknown):
        raise trouble.newer_data()


def _cache_table(connection: Any) -> None:
    from django.conf import settings
    from django.core.management import call_command

    table = settings.CACHES["default"].get("LOCATION", "")
    if table and table not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)
