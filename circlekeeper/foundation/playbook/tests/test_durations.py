from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.foundation.playbook import add_duration, parse_duration
from circlekeeper.foundation.playbook.durations import take_off


def test_ret1_a_month_end_clamps() -> None:
    assert add_duration(date(2026, 11, 30), "P3M") == date(2027, 2, 28)
    assert add_duration(date(2027, 1, 31), "P1M") == date(2027, 2, 28)
    assert add_duration(date(2028, 1, 31), "P1M") == date(2028, 2, 29)
    assert add_duration(date(2028, 2, 29), "P1Y") == date(2029, 2, 28)
    assert add_duration(date(2026, 12, 31), "P2M1D") == date(2027, 3, 1)


def test_hours_count_as_elapsed_time() -> None:
    start = datetime(2026, 10, 23, 16, 0, tzinfo=UTC)
    assert add_duration(start, "PT72H") == datetime(2026, 10, 26, 16, 0, tzinfo=UTC)
    assert parse_duration("P1DT2H").delta == timedelta(hours=26)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "2 hours", "P1.5D", "-P1D", "P1D ", "P1H", "p3m", "P1DT", 3, None]
)
def test_anything_else_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        parse_duration(text)


def test_months_have_no_exact_span() -> None:
    with pytest.raises(ValueError, match="months"):
        _ = parse_duration("P1M").delta


@given(day=st.dates(date(1990, 1, 1), date(2200, 1, 1)), one=st.integers(0, 60), more=st.integers(0, 60))
def test_a_longer_duration_never_ends_earlier(day: date, one: int, more: int) -> None:
    assert add_duration(day, f"P{one}M") <= add_duration(day, f"P{one + more}M")


def test_taking_off_goes_back_as_far_as_adding_went():
    assert take_off(date(2028, 11, 30), "P2Y") == date(2026, 11, 30)
    assert take_off(date(2027, 3, 31), "P1M") == date(2027, 2, 28)
    assert take_off(date(2027, 1, 15), "P1M2D") == date(2026, 12, 13)
