"""When a letter may leave, and when it is tried again. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
USELESS_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class SafeHours:
    """From when until when a message may reach somebody, by the clock where they are. May run over midnight."""

    start: time
    end: time
    zone: str


def next_safe(moment: datetime, hours: SafeHours | None) -> datetime:
    """The first moment not before ``moment`` at which a message may arrive; UTC.

    Equal start and end mean the whole day. A local time that the clock skips in spring counts as the moment after the gap.
    """
    if hours is None or hours.start == hours.end:
        return moment
    zone = ZoneInfo(hours.zone)
    local = moment.astimezone(zone)
    if _inside(local.timetz().replace(tzinfo=None), hours):
        return moment
    opens = local.replace(hour=hours.start.hour, minute=hours.start.minute, second=0, microsecond=0, fold=0)
    if opens <= local:
        opens += timedelta(days=1)
    return opens.astimezone(UTC)


def _inside(clock: time, hours: SafeHours) -> bool:
    if hours.start < hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end


def pause(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts: 2, 4, 8 … minutes, at most an hour."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 10)))
