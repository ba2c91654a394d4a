"""The only place that asks the machine for the time; everything below a page or a job is told."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, aware, in UTC, without fractions of a second.

    Whole seconds keep stored times short and comparable across databases.
    """
    return datetime.now(UTC).replace(microsecond=0)
