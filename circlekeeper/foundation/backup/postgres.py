"""The main database on PostgreSQL: its own dump program, and a scratch database for the drill."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from circlekeeper.foundation.backup import faults
from circlekeeper.foundation.ids import new_id

# pg_dump says this when the server is newer than it is.
_TOO_OLD = re.compile("version mismatch")


def dump(into: Path, *, without_rows_of: Sequence[str]) -> None:
    """Write a consistent dump (custom format) of the main database, leaving the rows of some tables out.

    :raises BackupFailed: pg_dump is missing, too old, or was refused.
    """
    left_out = [f"--exclude-table-data={table}" for table in without_rows_of]
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={into}", *left_out], _target())


def load(source: Path, *, database: str | None = None) -> None:
    """Fill an empty database (the main one, or ``database`` on the same server) from a dump.

    :raises BackupFailed: it holds tables already, or the programs or the server refused.
    """
    target = _target() | ({"dbname": database} if database else {})
    try:
        with psycopg.connect(make_conninfo(**target)) as connection:
            found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    except psycopg.Error:
        raise faults.database_refused() from None
    if found and found[0]:
        raise faults.not_empty()
    words = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run([*words, f"--dbname={target['dbname']}", str(source)], target)


@contextmanager
def scratch(source: Path) -> Iterator[tuple[str, str]]:
    """A throw-away database with a dump in it, on the same server: how libpq reaches it, and its ``DATABASE_URL``.

    :raises BackupFailed: this user may not make databases there, or the dump does not load.
    """
    name = f"drill_{new_id()}"
    target = _target()
    try:
        with psycopg.connect(make_conninfo(**target), autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            try:
                load(source, database=name)
                yield make_conninfo(**target | {"dbname": name}), _url(target | {"dbname": name})
            finally:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    except psycopg.Error:
        raise faults.database_refused() from None


def _target() -> dict[str, str]:
    """How to reach the main database, in libpq's words."""
    set_to = connections["default"].settings_dict
    named = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    return {word: str(set_to[key]) for word, key in named.items() if set_to.get(key)}


def _url(target: dict[str, str]) -> str:
    who = quote(target.get("user", ""), safe="")
    if "password" in target:
        who += ":" + quote(target["password"], safe="")
    host, port = target.get("host", ""), target.get("port", "")
    if host.startswith("/"):  # a socket's folder goes into the path, as django-environ reads it
        return f"postgres://{who}@{':' + port if port else ''}/{host}/{target['dbname']}"
    return f"postgres://{who}@{host}{':' + port if port else ''}/{target['dbname']}"


def _run(words: Sequence[str], target: dict[str, str]) -> None:
    # Through the environment: other users of the machine can read a command line, and this holds a password.
    named = {
        "host": "PGHOST",
        "port": "PGPORT",
        "dbname": "PGDATABASE",
        "user": "PGUSER",
        "password": "PGPASSWORD",
    }
    environment = os.environ | {named[word]: value for word, value in target.items()}
    try:
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise faults.no_dump_program() from None
    if done.returncode:
        # Its own words may name tables, hosts and files; ours do not.
        raise (faults.no_dump_program() if _TOO_OLD.search(done.stderr) else faults.database_refused())
