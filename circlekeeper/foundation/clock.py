"""The only place that asks the machine for the time; everything below a page or a job is told."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones


def now() -> datetime:
    """The current moment, aware, in UTC, without fractions of a second.

    Whole seconds keep stored times short and comparable across databases.
    """
    return datetime.now(UTC).replace(microsecond=0)


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones this machine knows; found once, since it means reading hundreds of files."""
    return frozenset(available_timezones())
