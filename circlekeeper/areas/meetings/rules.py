"""When meetings fall, and who may pass the door. No clock, no database."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

EVERY = ("week", "fortnight", "month", "once")
_STEP = {"week": timedelta(weeks=1), "fortnight": timedelta(weeks=2)}
LONGEST_AHEAD = timedelta(days=400)
LONGEST_ITEM = 60
MOST_ITEMS = 12
STEPS = ("reminder", "talk", "pause", "leaving")  # in this order; a host who skips one asks a second person
LONGEST_NOTE = 2000
LONGEST_CARD = 600
ENOUGH_USES = 5  # fewer say more about one evening than about the words (KIT4)


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
    """The meetings of a series whose local day lies within ``days`` (both included), in order.

    A monthly series keeps its weekday of the month ("second Tuesday"), which is how groups speak of it. ``minutes`` are
    real minutes, also when the clocks change during the meeting.
    """
    begin, end = max(days[0], first_on), min(days[1], until) if until else days[1]
    for day in _days(first_on, every, begin, end):
        starts = moment(day, at, zone)
        yield Slot(day, starts, starts + timedelta(minutes=minutes))


def _days(first_on: date, every: str, begin: date, end: date) -> Iterator[date]:
    if every == "month":
        yield from (day for day in _monthly(first_on, begin, end) if begin <= day <= end)
    elif every == "once":
        yield from [first_on] if begin <= first_on <= end else []
    else:
        step = _STEP[every]
        day = first_on + step * -(-(begin - first_on) // step)
        while day <= end:
            yield day
            day += step


def _monthly(first_on: date, begin: date, end: date) -> Iterator[date]:
    nth = (first_on.day - 1) // 7 + 1
    month = begin.replace(day=1)
    while month <= end:
        following = (month + timedelta(days=31)).replace(day=1)
        if nth == 5:
            # A fifth Tuesday does not exist every month; people mean the last one.
            last = following - timedelta(days=1)
            yield last - timedelta(days=(last.weekday() - first_on.weekday()) % 7)
        else:
            yield month + timedelta(days=(first_on.weekday() - month.weekday()) % 7, weeks=nth - 1)
        month = following


class DoorAnswer(StrEnum):
    """What happens to someone who opens a personal link."""

    TOO_EARLY = "too-early"
    WAIT = "wait"
    WAIT_UNVERIFIED = "wait-unverified"
    LOCKED = "locked"
    OVER = "over"
    REVOKED = "revoked"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Came:
    """One device that came with a link: whether it is the one asking now, was a second one, and was sent away."""

    asking: bool
    unverified: bool
    removed: bool


def locked(*, state: str, locks_at: datetime | None, now: datetime) -> bool:
    """Whether the doors are locked: by a host, or by themselves some minutes after the first person was let in (TEC5)."""
    return state == "locked" or (state == "doors" and locks_at is not None and now >= locks_at)


def door(
    *,
    state: str,
    opens_at: datetime,
    locks_at: datetime | None,
    now: datetime,
    revoked: bool,
    another_device: bool,
    came: Iterable[Came],
) -> DoorAnswer:
    """Where a personal link leads now (TEC4, TEC5, FMT5; a dropped member may come back after the lock).

    ``came``: the devices that were at this meeting's door with this link. ``another_device``: the link first came from a
    different one. Whoever was sent away stays away with every device, unless it was a second device that was sent away.
    """
    here = list(came)
    if state in ("closed", "cancelled"):
        return DoorAnswer.OVER
    if revoked:
        return DoorAnswer.REVOKED
    if any(each.removed and (each.asking or not each.unverified) for each in here):
        return DoorAnswer.REMOVED
    if state == "planned" and now < opens_at:
        return DoorAnswer.TOO_EARLY
    was_here = any(not each.unverified for each in here)
    if locked(state=state, locks_at=locks_at, now=now) and (not was_here or another_device):
        return DoorAnswer.LOCKED
    return DoorAnswer.WAIT_UNVERIFIED if another_device else DoorAnswer.WAIT


def scaled(minutes: Sequence[int], total: int) -> list[int]:
    """These parts of an evening for a meeting of ``total`` minutes: same proportions, whole minutes, none empty."""
    if total < len(minutes):
        return [1] * len(minutes)
    whole = sum(minutes)
    parts = [max(1, each * total // whole) for each in minutes]
    while (left := total - sum(parts)) != 0:
        longest = parts.index(max(parts))
        parts[longest] += left if left > 0 else -1
    return parts


def steps(text: str) -> tuple[str, ...]:
    """The numbered lines of a card, without their numbers."""
    return tuple(re.sub(r"^\d+\.\s*", "", line.strip()) for line in text.splitlines() if line.strip())


_ITEM = re.compile(r"(\d{1,3})\s+(\S.*)")


def agenda_lines(text: str) -> list[tuple[str, int]] | int:
    """An agenda somebody typed, one part a line: minutes, then words. The number of the first wrong line if there is one."""
    found = []
    for number, line in enumerate((each.strip() for each in text.splitlines() if each.strip()), start=1):
        match = _ITEM.fullmatch(line)
        if match is None or not 1 <= int(match[1]) <= 600 or len(match[2]) > LONGEST_ITEM:
            return number
        found.append((match[2], int(match[1])))
    return found


_CLINICAL = re.compile(
    r"\b(?:mental status|treatment plan|therapy plan|session notes?|progress notes?|prescri\w+|dosage|\d+ ?mg|soap note"
    r"|Behandlungsplan|Therapieplan|Befund\w*|Verordnung\w*|Dosierung)\b"
    r"|^\s*(?:subjective|objective|assessment|plan|anamnese)\s*:",
    re.IGNORECASE | re.MULTILINE,
)


def reads_clinical(text: str) -> bool:
    """Whether words read like a note about treatment (PRO2). Only signs: nothing found means little."""
    return _CLINICAL.search(text) is not None


class Asked(StrEnum):
    """What a host can ask somebody who waits. Answered by yes or no, so that nobody writes anything down at a door."""

    DEVICE = "device"  # whether the other device with this link is theirs too
    ALONE = "alone"  # whether they are where nobody else hears
    WAIT = "wait"  # whether they can wait a few minutes
    SPEAK = "speak"  # whether a host should speak with them first


ANSWERS = ("yes", "no")
TEAM_PARTS = ("host", "door", "welfare")
ONLINE_PARTS = ("chat", "tech")


def gaps(parts: Iterable[str], *, online: bool, hosts: int) -> list[str]:
    """Parts that nobody carries (MOD4). A group that needs one person only has none: that person does it all."""
    held = set(parts)
    if held & {"cohost"}:
        held.add("door")
    wanted = TEAM_PARTS + (ONLINE_PARTS if online else ()) if hosts > 1 else ("host",)
    return [each for each in wanted if each not in held]


# A service is asked to set a meeting up this long before it begins, and looked at again a day and ten minutes before.
SET_UP_BEFORE = timedelta(days=2)
_LOOKS_BEFORE = (timedelta(hours=24), timedelta(hours=2), timedelta(minutes=10), timedelta())
_LIVE_EVERY = timedelta(minutes=5)


# From when on a service that is gone for good, or one that only does not answer, is given up for this evening (FMT14).
_GONE_BEFORE = timedelta(hours=2)
_SILENT_BEFORE = timedelta(minutes=20)
_GIVEN_UP_AFTER = 3  # failures in a row


def look_is_due(
    *, starts_at: datetime, running: bool, looked_at: datetime | None, failing: bool, now: datetime
) -> bool:
    """Whether a meeting that is set up has to be looked at: a day, two hours and ten minutes before, at the start, and every
    five minutes while people are inside (TEC3). A service that failed is asked again each time in the last two hours.
    """
    if looked_at is None or (failing and now >= starts_at - _GONE_BEFORE):
        return True
    if running and now - looked_at >= _LIVE_EVERY:
        return True
    return any(looked_at < starts_at - before <= now for before in _LOOKS_BEFORE)


def second_place_is_due(*, lasting: bool, failures: int, starts_at: datetime, now: datetime) -> bool:
    """Whether a meeting is not to wait for its service any longer: it failed several times in a row, near the start.

    ``lasting``: what it answered does not mend itself by waiting.
    """
    return failures >= _GIVEN_UP_AFTER and now >= starts_at - (_GONE_BEFORE if lasting else _SILENT_BEFORE)


def clashes(parts: Iterable[tuple[str, str]], *, strict: bool) -> list[str]:
    """People who carry parts that do not go together (MOD4): host and chat watcher, where the level is strict."""
    if not strict:
        return []
    by_person: dict[str, set[str]] = {}
    for person, part in parts:
        by_person.setdefault(person, set()).add(part)
    return sorted(person for person, held in by_person.items() if {"host", "chat"} <= held)


PIN_DIGITS = 8
ON_THE_PHONE = "on-the-phone"  # the one device of a link whose meeting is held by phone


def token_hash(token: str) -> bytes:
    """What is kept of a personal token. 128 random bits need no slow derivation."""
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"ck-door-token").digest()


def guest_ref(hashed: bytes, meeting_id: str) -> str:
    """Who a link's holder is to a service: another name at every meeting, from which nobody finds the link."""
    return hashlib.blake2b(hashed, digest_size=12, key=meeting_id.encode(), person=b"ck-guest").hexdigest()


def feed_hash(token: str) -> bytes:
    """What is kept of the token of a calendar address; the token of a door is not one."""
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"ck-feed-token").digest()


def device_mark(device: str, link_id: str) -> bytes:
    """What is kept of a device at one link; at another link, or in another group, it has another mark (REG1)."""
    return hashlib.blake2b(
        device.encode(), digest_size=32, key=link_id.encode(), person=b"ck-door-device"
    ).digest()
