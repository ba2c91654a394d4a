"""Safe hours and pauses."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation.post.rules import LONGEST_PAUSE, SafeHours, next_safe, pause

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Chatham", "Australia/Lord_Howe"])
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=60, deadline=None)
@given(moment=MOMENTS, start=CLOCKS, end=CLOCKS, zone=ZONES)
def test_the_next_safe_moment_is_safe_soon_and_never_earlier(moment: datetime, start: time, end: time, zone: str):
    hours = SafeHours(start, end, zone)
    found = next_safe(moment, hours)

    assert moment <= found <= moment + timedelta(hours=25)
    assert found.utcoffset() == timedelta(0)
    assert next_safe(found, hours) == found or _in_a_gap(found, zone)


def _in_a_gap(moment: datetime, zone: str) -> bool:
    """Whether the clock there jumped within the last hours."""
    there = ZoneInfo(zone)
    return moment.astimezone(there).utcoffset() != (moment - timedelta(hours=3)).astimezone(there).utcoffset()


@pytest.mark.parametrize(
    ("clock", "start", "end", "expected"),
    [
        ("12:00", "09:00", "17:00", "12:00"),
        ("08:00", "09:00", "17:00", "09:00"),
        ("17:00", "09:00", "17:00", "+09:00"),
        ("23:30", "22:00", "06:00", "23:30"),
        ("03:00", "22:00", "06:00", "03:00"),
        ("12:00", "22:00", "06:00", "22:00"),
        ("12:00", "00:00", "00:00", "12:00"),
    ],
)
def test_safe_hours_by_example(clock: str, start: str, end: str, expected: str):
    day = datetime(2027, 6, 1, tzinfo=UTC)
    hours = SafeHours(time.fromisoformat(start), time.fromisoformat(end), "UTC")
    wanted = time.fromisoformat(expected.lstrip("+"))
    after = timedelta(days=1 if expected.startswith("+") else 0)

    found = next_safe(datetime.combine(day, time.fromisoformat(clock), UTC), hours)

    assert found == datetime.combine(day, wanted, UTC) + after


def test_pauses_grow_and_stop_growing():
    pauses = [pause(attempts) for attempts in range(40)]

    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=2)
    assert pauses[-1] == LONGEST_PAUSE
