"""When meetings fall, and who may pass the door. No clock, no database."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil import rrule

EVERY = {
    "week": {"freq": rrule.WEEKLY, "interval": 1},
    "fortnight": {"freq": rrule.WEEKLY, "interval": 2},
    "month": {"freq": rrule.MONTHLY, "interval": 1},
    "once": {"freq": rrule.DAILY, "interval": 1, "count": 1},
}
DOORS_BEFORE = timedelta(minutes=15)
LONGEST_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Slot:
    """One evening: the local day it belongs to and the moments it begins and ends (UTC)."""

    local_on: date
    starts_at: datetime
    ends_at: datetime


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant a wall clock in ``zone`` shows ``at`` on ``day``, in UTC.

    A time the clocks skip in spring becomes the same distance after the change; one that comes twice in autumn is the first.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def slots(
    *,
    first_on: date,
    at: time,
    zone: ZoneInfo,
    minutes: int,
    every: str,
    until: date | None,
    days: tuple[date, date],
) -> Iterator[Slot]:
    """The meetings of a series whose local day lies within ``days`` (both included).

    A monthly series keeps its weekday of the month ("second Tuesday"), which is how groups speak of it.
    """
    begin, end = days
    last = min(end, until) if until else end
    extra = {"byweekday": _nth_weekday(first_on)} if every == "month" else {}
    days_found = rrule.rrule(dtstart=datetime.combine(first_on, time()), **EVERY[every], **extra)
    for found in days_found.xafter(datetime.combine(begin, time()), inc=True):
        if found.date() > last:
            return
        starts = moment(found.date(), at, zone)
        yield Slot(found.date(), starts, starts + timedelta(minutes=minutes))


def _nth_weekday(day: date) -> rrule.weekday:
    nth = (day.day - 1) // 7 + 1
    # A fifth Tuesday does not exist every month; people mean the last one.
    return rrule.weekday(day.weekday(), -1 if nth == 5 else nth)


class DoorAnswer(StrEnum):
    """What happens to someone who opens a personal link."""

    TOO_EARLY = "too-early"
    WAIT = "wait"
    WAIT_UNVERIFIED = "wait-unverified"
    LOCKED = "locked"
    OVER = "over"
    REVOKED = "revoked"


def door(
    *, state: str, opens_at: datetime, now: datetime, revoked: bool, was_here: bool, another_device: bool
) -> DoorAnswer:
    """Where a personal link leads now (TEC4, TEC5, FMT5; a dropped member may come back after the lock).

    ``was_here``: this link was already at this meeting's door before the lock. ``another_device``: it first came from a
    different one.
    """
    if state in ("closed", "cancelled"):
        return DoorAnswer.OVER
    if revoked:
        return DoorAnswer.REVOKED
    if state == "planned" and now < opens_at:
        return DoorAnswer.TOO_EARLY
    if state == "locked" and (not was_here or another_device):
        return DoorAnswer.LOCKED
    return DoorAnswer.WAIT_UNVERIFIED if another_device else DoorAnswer.WAIT


def clashes(parts: list[tuple[str, str]], *, strict: bool) -> list[str]:
    """People who carry parts that do not go together (MOD4): host and chat watcher, where the level is strict."""
    if not strict:
        return []
    by_person: dict[str, set[str]] = {}
    for person, part in parts:
        by_person.setdefault(person, set()).add(part)
    return sorted(person for person, held in by_person.items() if {"host", "chat"} <= held)


def token_hash(token: str) -> bytes:
    """What is kept of a personal token or a device mark. 128 random bits need no slow derivation."""
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"ck-door-token").digest()
