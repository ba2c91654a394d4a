"""The loop: it beats, works, listens, survives trouble, and stops when told."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from circlekeeper.foundation import announce, jobs
from circlekeeper.foundation.jobs import schedule, worker
from circlekeeper.foundation.jobs.tests import test_announce
from circlekeeper.foundation.jobs.tests.conftest import NOW

HOUR = timedelta(hours=1)


def in_thread(stop, limit=20):
    thread = threading.Thread(target=worker.run_forever, args=(stop,))
    thread.start()
    thread.join(limit)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_the_loop_runs_what_is_due_beats_and_stops():
    stop = threading.Event()
    test_announce.heard.clear()
    announce.install({test_announce.MemberLeft: [test_announce.first_listener, lambda event, *, now: stop.set()]})
    jobs.register("test.leave", HOUR, lambda now: test_announce.leave(by="system", now=now), HOUR)

    in_thread(stop)

    assert test_announce.heard == [("first", test_announce.LEFT)]
    beat = jobs.last_beat()
    assert beat is not None
    assert jobs.missed(beat) == []


@pytest.mark.django_db(transaction=True)
def test_the_loop_survives_a_database_that_is_away(monkeypatch):
    stop, turns = threading.Event(), []

    def away(now):
        turns.append(now)
        if len(turns) == 1:
            raise OperationalError("password for maria")
        stop.set()
        return []

    monkeypatch.setattr(schedule, "run_due", away)
    monkeypatch.setattr(worker, "_AFTER_TROUBLE_SECONDS", 0.01)
    in_thread(stop)

    assert len(turns) == 2


@pytest.mark.django_db
def test_the_heartbeat_is_written_every_twenty_seconds_not_every_turn(django_assert_num_queries):
    last = worker.turn(NOW, None)
    assert jobs.last_beat() == last == NOW
    with django_assert_num_queries(2):
        last = worker.turn(NOW + timedelta(seconds=19), last)
    assert last == NOW
    assert worker.turn(NOW + timedelta(seconds=20), last) == jobs.last_beat() == NOW + timedelta(seconds=20)


@pytest.mark.django_db
def test_a_clock_that_jumps_is_seen_before_the_beat_makes_it_the_new_truth():
    destroyed: list[datetime] = []
    jobs.register("test.destroy", HOUR, destroyed.append, 2 * HOUR, destructive=True)
    last = worker.turn(NOW, None)
    for minute in range(5):
        last = worker.turn(NOW + timedelta(days=100, minutes=minute), last)

    assert destroyed == [NOW]
