"""When a letter is tried again. Pure; whether it may go at all is asked in ``contact.may_send``."""

from datetime import timedelta

FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
USELESS_AFTER = timedelta(days=3)


def pause(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts: 2, 4, 8 … minutes, at most an hour."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 10)))
