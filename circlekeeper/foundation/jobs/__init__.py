"""Due work: see README.md. Other rooms use the names below; the loop is ``jobs.worker.run_forever``."""

from circlekeeper.foundation.jobs.heartbeat import beat, clock_is_sane, confirm_clock, last_beat
from circlekeeper.foundation.jobs.registry import Job, register
from circlekeeper.foundation.jobs.schedule import Missed, Ran, missed, run_due

__all__ = [
    "Job",
    "Missed",
    "Ran",
    "beat",
    "clock_is_sane",
    "confirm_clock",
    "last_beat",
    "missed",
    "register",
    "run_due",
]
