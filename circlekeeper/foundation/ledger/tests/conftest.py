"""A log of its own for every test, with its checkpoints in a folder of its own."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from circlekeeper.foundation import guard, ledger
from circlekeeper.foundation.ledger import triggers

NOW = datetime(2026, 3, 1, 19, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def checkpoint_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "checkpoints"


@pytest.fixture
def log(db) -> Callable[..., range]:
    """Append so many entries; every second one has a sealed detail."""

    def append(count: int, *, about: str = "member-1") -> range:
        lines = [
            ledger.Line("person-1", about, NOW, "roster.contact.open", b"sealed" if number % 2 else None)
            for number in range(count)
        ]
        with guard.outside_action("test"), transaction.atomic():
            return ledger.record_many(lines)

    return append


@contextmanager
def fence_down():
    """What an attacker with the database's own rights does first; the fence is put up again, as they would."""
    with guard.outside_action("test"), transaction.atomic(), connection.cursor() as cursor:
        for statement in triggers.drop(connection.vendor):
            cursor.execute(statement)
        yield cursor
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in triggers.create(connection.vendor):
            cursor.execute(statement)
