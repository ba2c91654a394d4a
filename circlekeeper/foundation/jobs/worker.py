"""The worker's loop: a heartbeat, the jobs that are due, the events that wait."""

import logging
import threading
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connections

from circlekeeper.foundation import announce, clock
from circlekeeper.foundation.jobs import heartbeat, schedule

POLL_SECONDS = 1.0
_BEAT_EVERY = timedelta(seconds=20)
_AFTER_TROUBLE_SECONDS = 5.0

_log = logging.getLogger(__name__)


def run_forever(stop: threading.Event) -> None:
    """Work until ``stop`` is set; the job that is running then is finished first.

    Several workers may run, on several machines. A database that cannot be reached is tried again.
    """
    last: datetime | None = None
    while not stop.is_set():
        wait = POLL_SECONDS
        try:
            last = turn(clock.now(), last)
        except DatabaseError as trouble:
            _log.error("the worker could not reach the database: %s", type(trouble).__name__)
            wait = _AFTER_TROUBLE_SECONDS
        close_old_connections()
        stop.wait(wait)
    connections.close_all()


def turn(now: datetime, last: datetime | None) -> datetime:
    """One turn of the loop; ``last`` is when the last heartbeat was written, and the result when the newest was."""
    # Before the beat: a jump of the clock must be seen by the jobs of this very turn.
    schedule.run_due(now)
    announce.deliver_due(announce.installed(), now)
    if last is None or abs(now - last) >= _BEAT_EVERY:
        heartbeat.beat(now)
        return now
    return last
