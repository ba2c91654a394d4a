"""Due work: once, by one worker, again after a failure, and alarmed when it stays away."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from circlekeeper.foundation import jobs
from circlekeeper.foundation.jobs import tables
from circlekeeper.foundation.jobs.schedule import Missed, Ran
from circlekeeper.foundation.jobs.tests.conftest import NOW
from circlekeeper.foundation.ledger.models import Entry

pytestmark = pytest.mark.django_db

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def runs():
    return []


def test_a_job_runs_when_due_and_then_not_until_its_next_slot(runs):
    jobs.register("test.daily", DAY, runs.append, 2 * DAY)

    assert jobs.run_due(NOW) == [Ran("test.daily", ok=True)]
    assert jobs.run_due(NOW + HOUR) == []
    assert jobs.run_due(NOW + DAY - MINUTE) == []
    jobs.run_due(NOW + DAY)
    jobs.run_due(NOW + 5 * DAY + HOUR)
    jobs.run_due(NOW + 5 * DAY + 2 * HOUR)
    jobs.run_due(NOW + 6 * DAY)

    assert [when - NOW for when in runs] == [timedelta(0), DAY, 5 * DAY + HOUR, 6 * DAY]


def test_the_one_due_longest_runs_first(runs):
    jobs.register("test.second", HOUR, lambda now: runs.append("second"), DAY)
    jobs.register("test.first", MINUTE, lambda now: runs.append("first"), DAY)
    jobs.run_due(NOW)
    runs.clear()
    jobs.run_due(NOW + HOUR)

    assert runs == ["first", "second"]


def test_a_failing_job_is_tried_again_later_and_later_and_others_still_run(runs, caplog):
    def fail(now):
        raise LookupError("Maria Lopez has no address")

    jobs.register("test.broken", DAY, fail, DAY)
    jobs.register("test.fine", DAY, runs.append, DAY)
    with caplog.at_level(logging.DEBUG):
        assert set(jobs.run_due(NOW)) == {
            Ran("test.broken", ok=False, error="LookupError"),
            Ran("test.fine", ok=True),
        }
    assert len(runs) == 1

    tried = [minute for minute in range(1, 12) if jobs.run_due(NOW + minute * MINUTE)]
    assert tried == [1, 3, 7]
    row = tables.schedules().get(name="test.broken")
    assert (row.failures, row.last_error, row.last_ok_at) == (4, "LookupError", None)
    assert "Maria" not in caplog.text + str(row.__dict__)


def test_a_good_run_ends_the_failures():
    trouble = [LookupError]

    def fail_once(now):
        if trouble:
            raise trouble.pop()

    jobs.register("test.once", DAY, fail_once, DAY)
    jobs.run_due(NOW)
    jobs.run_due(NOW + MINUTE)

    row = tables.schedules().get(name="test.once")
    assert (row.failures, row.last_error, row.last_ok_at, row.lease_until) == (0, "", NOW + MINUTE, None)


def test_a_job_of_a_worker_that_died_is_taken_over_after_its_lease(runs):
    def die(now):
        raise KeyboardInterrupt

    jobs.register("test.long", DAY, die, DAY, lease=10 * MINUTE)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_due(NOW)
    jobs_after = pytest.MonkeyPatch()
    jobs_after.setattr("circlekeeper.foundation.jobs.registry.JOBS", {})
    jobs.register("test.long", DAY, runs.append, DAY, lease=10 * MINUTE)

    assert jobs.run_due(NOW + 9 * MINUTE) == []
    assert jobs.run_due(NOW + 10 * MINUTE) == [Ran("test.long", ok=True)]
    jobs_after.undo()


@pytest.mark.django_db(transaction=True)
def test_many_workers_run_one_job_once():
    started, lock = [], threading.Lock()

    def work(now):
        with lock:
            started.append(now)

    def worker(_number):
        try:
            ready.wait(timeout=30)
            return [ran for step in range(5) for ran in jobs.run_due(NOW + step * MINUTE)]
        finally:
            connection.close()

    count = 8
    ready = threading.Barrier(count)
    for name in ("test.one", "test.two", "test.three"):
        jobs.register(name, HOUR, work, DAY)
    with ThreadPoolExecutor(count) as pool:
        ran = [run for runs in pool.map(worker, range(count)) for run in runs]

    assert len(started) == len(ran) == 3
    assert all(run.ok for run in ran)


def test_dat7_a_worker_stopped_for_two_days_raises_an_alarm(runs):
    jobs.register("retention.daily", DAY, runs.append, DAY + 2 * HOUR)
    assert jobs.missed(NOW) == [Missed("retention.daily", None)]
    jobs.run_due(NOW)

    assert jobs.missed(NOW + DAY) == []
    assert jobs.missed(NOW + 2 * DAY) == [Missed("retention.daily", NOW)]
    jobs.run_due(NOW + 2 * DAY)
    assert jobs.missed(NOW + 2 * DAY) == []


def test_dat7_a_job_that_only_fails_raises_an_alarm_too():
    def fail(now):
        raise LookupError

    jobs.register("test.broken", HOUR, fail, 2 * HOUR)
    for hour in range(4):
        jobs.run_due(NOW + hour * HOUR)

    assert jobs.missed(NOW + 3 * HOUR) == [Missed("test.broken", NOW)]


def test_work_that_destroys_waits_while_the_clock_is_ahead_and_other_work_does_not(runs):
    jobs.register("test.destroy", DAY, lambda now: runs.append("destroyed"), 2 * DAY, destructive=True)
    jobs.register("test.look", DAY, lambda now: runs.append("looked"), 2 * DAY)
    jobs.beat(NOW)
    ahead = NOW + 30 * DAY

    assert not jobs.clock_is_sane(ahead)
    jobs.run_due(ahead)
    jobs.beat(ahead)
    jobs.run_due(ahead + MINUTE)
    assert runs == ["looked"]
    assert jobs.last_beat() == ahead

    jobs.confirm_clock(by="person-1", now=ahead + HOUR)
    jobs.run_due(ahead + HOUR)
    assert runs == ["looked", "destroyed"]
    assert Entry.objects.get().action == "jobs.clock.confirm"


def test_a_clock_set_right_again_is_believed_again_and_work_does_not_wait_for_the_wrong_year(runs):
    jobs.register("test.look", DAY, runs.append, 2 * DAY)
    jobs.register("test.destroy", DAY, lambda now: runs.append("destroyed"), 2 * DAY, destructive=True)
    jobs.beat(NOW)
    jobs.run_due(NOW + 300 * DAY)
    jobs.beat(NOW + 300 * DAY)
    runs.clear()
    right = NOW + 2 * HOUR
    jobs.beat(right)

    assert jobs.clock_is_sane(right)
    assert {ran.name for ran in jobs.run_due(right)} == {"test.look", "test.destroy"}
    assert tables.schedules().get(name="test.look").next_run_at == right + DAY


def test_a_clock_two_hours_back_is_not_believed():
    jobs.beat(NOW)

    assert jobs.clock_is_sane(NOW - HOUR)
    assert not jobs.clock_is_sane(NOW - 2 * HOUR)


def test_before_the_first_beat_there_is_nothing_to_doubt():
    assert jobs.last_beat() is None
    assert jobs.clock_is_sane(NOW)


def test_a_changed_interval_is_written_down(runs):
    jobs.register("test.daily", DAY, runs.append, 2 * DAY)
    jobs.run_due(NOW)
    jobs.register("test.daily", HOUR, runs.append, 2 * DAY)
    jobs.run_due(NOW)

    assert tables.schedules().get().every_seconds == 3600


@pytest.mark.parametrize(("every", "alarm"), [(timedelta(0), DAY), (DAY, HOUR)])
def test_times_that_cannot_be_kept_are_refused(every, alarm, runs):
    with pytest.raises(ValueError, match="once a second"):
        jobs.register("test.odd", every, runs.append, alarm)


def test_two_jobs_cannot_share_a_name(runs):
    jobs.register("test.one", DAY, runs.append, DAY)
    with pytest.raises(ValueError, match="already"):
        jobs.register("test.one", DAY, print, DAY)


def test_an_idle_turn_costs_one_query(runs, django_assert_num_queries):
    jobs.register("test.daily", DAY, runs.append, 2 * DAY)
    jobs.run_due(NOW)
    with django_assert_num_queries(1):
        jobs.run_due(NOW + MINUTE)
