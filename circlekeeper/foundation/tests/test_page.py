"""How long a proof that it is really you lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from circlekeeper.foundation import clock, page

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_six(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.mark.parametrize(
    ("ago", "fresh"),
    [
        (timedelta(microseconds=-700_000), True),
        (timedelta(0), True),
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, seconds=1), False),
        (timedelta(hours=-1), False),
    ],
)
def test_a_proof_lasts_five_minutes_and_no_longer_when_the_clock_is_set_back(ago, fresh):
    assert page.proof_is_fresh(NOW - ago) is fresh


def test_no_proof_is_not_fresh():
    assert not page.proof_is_fresh(None)
