"""What every test shares: a flush the guard allows. Its data folder and cheap keys come from ``settings_test``."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings

# A loaded machine is no fault of the code; what is slow is found by `make bench`.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


# Whole processes and browsers: each takes many seconds, most of them spent waiting.
_LONG = (
    "tests/journeys/",
    "tests/drills/",
    "tests/access/",
    "tests/promises/",
    "/backup/tests/",
    "/serving/tests/",
    "/demo/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the files of long tests evenly, each worker's first: workers are handed equal stretches of this list."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long: dict[str, list[pytest.Item]] = {}
    short: list[pytest.Item] = []
    for item in items:
        file = item.nodeid.partition("::")[0]
        if any(part in file for part in _LONG):
            long.setdefault(file, []).append(item)
        else:
            short.append(item)
    files, dealt = list(long.values()), []
    for number in range(workers):
        begin, end = (len(short) * at // workers for at in (number, number + 1))
        dealt += [item for file in files[number::workers] for item in file] + short[begin:end]
    items[:] = dealt


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_tables() -> Iterator[None]:
    """Let the test runner empty tables between tests: lift the guard and, on SQLite, the ledger's own triggers."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from circlekeeper.foundation import guard, memo

    original: Callable[..., None] = BaseDatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        triggers = _sqlite_triggers(self.connection)
        with guard.outside_action("test flush"), self.connection.cursor() as cursor:
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            original(self, sql_list)
            for _, sql in triggers:
                cursor.execute(sql)
        memo.empty()

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _no_checkpoint_of_another_test() -> None:
    """Each test starts with an empty log, so a checkpoint another one left would look like a rolled-back log."""
    shutil.rmtree(settings.DATA_DIR / "checkpoints", ignore_errors=True)


def _sqlite_triggers(connection: Any) -> list[tuple[str, str]]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return list(cursor.fetchall())
