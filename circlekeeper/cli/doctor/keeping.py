"""What must go on happening: the clock, the worker, backups."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from circlekeeper.cli import setup
from circlekeeper.cli.doctor.examine import Check, fail, ok, warn
from circlekeeper.foundation import clock

LATE = timedelta(minutes=2)
OLD = timedelta(days=3)
# The log's last line may have been written on another machine.
CLOCKS_DIFFER = timedelta(minutes=5)


def time(folder: Path) -> list[Check]:
    """This machine's clock against the last line of the log and the last clock that was believed."""
    from circlekeeper.foundation.jobs import heartbeat
    from circlekeeper.foundation.ledger import queries

    if not setup.has_data(folder):
        return []
    now = clock.now()
    newest = queries.newest_at()
    if newest is not None and newest - now > CLOCKS_DIFFER:
        words = "The clock of this machine is behind the last line of the log."
        return [fail("clock", words, "timedatectl set-ntp true")]
    if not heartbeat.clock_is_sane(now):
        words = (
            "The clock jumped, or nothing ran for days, so nothing is destroyed until somebody has looked at it."
        )
        return [fail("clock", words, "circlekeeper clock confirm TIME_OF_ANOTHER_CLOCK")]
    return [ok("clock", "The clock fits the log.")]


def worker(folder: Path) -> list[Check]:
    """Whether the worker is alive."""
    from circlekeeper.foundation.jobs import heartbeat

    if not setup.has_data(folder):
        return []
    start = f"circlekeeper up --data {folder}"
    last = heartbeat.last_beat()
    if last is None:
        return [warn("worker", "The worker has not run yet, so nothing is sent or destroyed.", start)]
    if clock.now() - last > LATE:
        return [fail("worker", f"The worker last ran at {last:%Y-%m-%d %H:%M} UTC.", start)]
    return [ok("worker", "The worker is running.")]


def backup(folder: Path) -> list[Check]:
    """How old the newest backup is, and whether one was opened."""
    from circlekeeper.foundation.backup import log

    if not setup.has_data(folder):
        return []
    found = log.status(clock.now())
    make = f"circlekeeper backup create PLACE --data {folder}"
    if found.age is None:
        return [warn("backup", "There is no backup yet.", make)]
    if found.age > OLD:
        return [fail("backup", f"The newest backup is {found.age.days} days old.", make)]
    if not found.drill_passed:
        words = "The newest backup did not open." if found.drill_passed is False else "No backup was opened yet."
        level = fail if found.drill_passed is False else warn
        return [level("backup", words, f"circlekeeper backup drill --data {folder}")]
    return [ok("backup", "There is a recent backup, and one was opened.")]


CHECKS: dict[str, Callable[[Path], list[Check]]] = {"clock": time, "worker": worker, "backup": backup}
