"""Waiting one's turn to write, within this process, before asking SQLite for it.

SQLite lets one writer in at a time and has the others look again after ever longer naps, up to a tenth of a second: with
many people at once most of the time is slept away, and who sleeps longest waits longest. In one process a lock does
better. Other processes are still met the SQLite way. PostgreSQL wakes whoever waits by itself.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

# As long as SQLite itself would wait (settings); after that its own answer is as good as ours.
_SECONDS = 20.0
_locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)


@contextmanager
def turn(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """The time of one write transaction; enter it before the transaction. Does nothing but on SQLite."""
    connection = connections[using]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    mine = _locks[using].acquire(timeout=_SECONDS)
    try:
        yield
    finally:
        if mine:
            _locks[using].release()
