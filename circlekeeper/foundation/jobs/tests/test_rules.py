"""When work runs next, for any times."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation.jobs import rules
from circlekeeper.foundation.jobs.tests.conftest import NOW

spans = st.timedeltas(timedelta(seconds=1), timedelta(days=30))


@settings(max_examples=60, deadline=None)
@given(late=st.timedeltas(timedelta(0), timedelta(days=400)), every=spans)
def test_the_next_slot_is_ahead_by_at_most_one_interval_and_keeps_the_rhythm(late, every):
    planned = NOW - late
    found = rules.next_slot(planned=planned, every=every, now=NOW)

    assert timedelta(0) < found - NOW <= every
    assert (found - planned) % every == timedelta(0)


@settings(max_examples=60, deadline=None)
@given(failures=st.integers(0, 10_000), every=spans)
def test_a_retry_comes_soon_but_not_at_once(failures, every):
    wait = rules.retry_at(failures=failures, every=every, now=NOW) - NOW

    assert timedelta(0) < wait <= min(every, rules.LONGEST_RETRY)
    assert wait <= rules.retry_at(failures=failures + 1, every=every, now=NOW) - NOW


def test_a_clock_is_believed_48_hours_ahead_and_one_hour_back():
    hours = {after: rules.is_sane(trusted=NOW, now=NOW + timedelta(hours=after)) for after in (-2, -1, 0, 48, 49)}

    assert hours == {-2: False, -1: True, 0: True, 48: True, 49: False}
    assert rules.is_sane(trusted=None, now=NOW)
