"""What every test shares: a data folder of its own, cheap key derivation, no network, and a flush the guard allows."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_DATA = Path(tempfile.mkdtemp(prefix="circlekeeper-test-"))
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
(_DATA / "static").mkdir()
os.environ["CIRCLEKEEPER_DATA"] = str(_DATA)
os.environ["CIRCLEKEEPER_KDF"] = "tests"
os.environ["DJANGO_SETTINGS_MODULE"] = "circlekeeper.settings_test"

import pytest  # noqa: E402


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_tables() -> Iterator[None]:
    """Let the test runner empty tables between tests: lift the guard and, on SQLite, the ledger's own triggers."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from circlekeeper.foundation import guard

    original: Callable[..., None] = BaseDatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        triggers = _sqlite_triggers(self.connection)
        with guard.outside_action("test flush"), self.connection.cursor() as cursor:
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            original(self, sql_list)
            for _, sql in triggers:
                cursor.execute(sql)

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


def _sqlite_triggers(connection: Any) -> list[tuple[str, str]]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return list(cursor.fetchall())
