"""No job and no listener but those a test registers."""

from datetime import UTC, datetime

import pytest

from circlekeeper.foundation import announce
from circlekeeper.foundation.jobs import registry

NOW = datetime(2026, 3, 1, 19, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch):
    monkeypatch.setattr(registry, "JOBS", {})
    monkeypatch.setattr(announce, "_installed", {})
