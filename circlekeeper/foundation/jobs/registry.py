"""Which work there is. Filled by ``wiring.py``; nothing registers itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of due work; see ``register``."""

    name: str
    every: timedelta
    run: Callable[[datetime], None]
    alarm_after: timedelta
    destructive: bool
    lease: timedelta


JOBS: dict[str, Job] = {}


def register(
    name: str,
    every: timedelta,
    run: Callable[[datetime], None],
    alarm_after: timedelta,
    *,
    destructive: bool = False,
    lease: timedelta = LEASE,
) -> None:
    """Have ``run(now)`` called every so often by one worker at a time.

    ``name`` is ``area.work``. ``alarm_after``: how long without a good run before ``missed`` names it. A ``destructive``
    job waits while the clock cannot be believed. A worker that dies gives the job back after ``lease``, so a run must be
    shorter than that, or safe to run twice. ``run`` is called outside any transaction and calls actions.

    :raises ValueError: a second job of this name, or times that cannot be kept.
    """
    if name in JOBS and JOBS[name].run != run:
        raise ValueError(f"there is already a job {name}")
    if every < timedelta(seconds=1) or alarm_after < every:
        raise ValueError("a job runs at most once a second, and its alarm waits for one run at least")
    JOBS[name] = Job(name, every, run, alarm_after, destructive, lease)
