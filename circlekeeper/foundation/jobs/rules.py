"""When work runs next, and when a clock may be believed. Pure functions."""

from datetime import datetime, timedelta

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
MOST_AHEAD = timedelta(hours=48)
MOST_BEHIND = timedelta(hours=1)


def too_far(*, planned: datetime, wait: timedelta, now: datetime) -> bool:
    """Whether a moment lies further ahead than it could have been set by a clock that was right."""
    return planned > now + wait + MOST_BEHIND


def next_slot(*, planned: datetime, every: timedelta, now: datetime) -> datetime:
    """The first planned moment after now; slots missed in an outage are not run one by one."""
    if planned > now:
        return now + every
    return planned + every * ((now - planned) // every + 1)


def retry_at(*, failures: int, every: timedelta, now: datetime) -> datetime:
    """When to try again after the n-th failure in a row: 1, 2, 4 ... minutes, at most an hour or the usual interval."""
    wait = FIRST_RETRY * 2 ** min(max(failures - 1, 0), 10)
    shortest: timedelta = min(wait, LONGEST_RETRY, every)
    return now + shortest


def is_sane(*, trusted: datetime | None, now: datetime) -> bool:
    """Whether the clock fits the last moment it was believed: at most 48 h later, at most 1 h earlier."""
    return trusted is None or trusted - MOST_BEHIND <= now <= trusted + MOST_AHEAD
