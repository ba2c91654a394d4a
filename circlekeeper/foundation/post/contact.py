"""Whether and how somebody may be reached (WHY1, ACC6). Silence, an old yes and a guess are all a no. Pure.

``may_send`` is the one place that decides. The outbox asks it when a letter is queued and again when it leaves.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CHECK_AGAIN_AFTER = "P90D"
CHANNELS = ("mail", "text", "call", "post")
_LONGEST = 200
# A span comes round once a week at least; one more day for the clocks.
_LOOK_AHEAD = 9


class Says(StrEnum):
    """What a person said about being reached."""

    NOT_ASKED = "not-asked"
    NO = "no"
    YES = "yes"
    AT_TIMES = "at-times"


class Verdict(StrEnum):
    """What may happen to a message now."""

    NOW = "now"
    NOT_BEFORE = "not-before"
    NEVER = "never"


class Why(StrEnum):
    """The reason for a verdict; it says nothing about the person and may stand in a log."""

    YES = "yes"
    OUTSIDE_TIMES = "outside-times"
    NOT_ASKED = "not-asked"
    SAID_NO = "said-no"
    OTHER_CHANNEL = "other-channel"
    INCOMPLETE = "incomplete"
    STALE = "stale"
    NO_TIME_LEFT = "no-time-left"


@dataclass(frozen=True, slots=True)
class Answer:
    """Now, not before a moment (UTC), or never, and why."""

    verdict: Verdict
    why: Why
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One person's word on one channel: where, when, and until when the word holds.

    Times are wall-clock times where the person is; a span may run over midnight. ``days`` are ISO weekdays, 1 for Monday;
    none given means every day. ``voicemail``: whether a message may be left. Dates are ISO dates.
    """

    says: Says = Says.NOT_ASKED
    channel: str = ""
    address: str = ""
    start: str = ""
    end: str = ""
    days: tuple[int, ...] = ()
    voicemail: bool = False
    said_on: str = ""
    check_again_on: str = ""

    @property
    def is_yes(self) -> bool:
        """Whether a yes was said, fresh or not."""
        return self.says in (Says.YES, Says.AT_TIMES)


@dataclass(frozen=True, slots=True)
class SafeContact(Way):
    """One person's whole word: the way they like best, and others that are all right too (``also``).

    A channel that is in neither is not all right. ``zone``: where their clock is. ``remind``: whether they want to hear
    before meetings and when a promise is due again; without it nothing of theirs is kept ready for the machine.
    """

    zone: str = "UTC"
    remind: bool = False
    also: tuple[Way, ...] = field(default=())

    def way(self, channel: str) -> Way:
        """Their word on one channel; an empty one if they never spoke of it."""
        ways = (self, *self.also)
        return next((each for each in ways if channel and each.channel == channel), Way(channel=channel))

    def only(self, channel: str) -> "SafeContact":
        """The same word with one channel left in it: all that a letter needs to carry."""
        return SafeContact(**asdict(_plain(self.way(channel))), zone=self.zone, remind=self.remind)

    def with_way(self, way: Way) -> "SafeContact":
        """The word with one channel answered anew. A no takes the channel out; the way they like best stays the first."""
        ways = [_plain(each) for each in (self, *self.also) if each.channel and each.is_yes]
        before = [each.channel for each in ways]
        kept = [way if each.channel == way.channel else each for each in ways]
        if way.channel not in before:
            kept.append(way)
        kept = [each for each in kept if each.is_yes]
        first = kept[0] if kept else Way(says=Says.NO, said_on=way.said_on, check_again_on=way.check_again_on)
        return SafeContact(
            **asdict(first), zone=self.zone, remind=self.remind and bool(kept), also=tuple(kept[1:])
        )

    def as_fields(self) -> dict[str, Any]:
        """As plain values, for sealing."""
        also = [asdict(each) | {"days": list(each.days)} for each in self.also]
        return asdict(self) | {"days": list(self.days), "also": also}

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "SafeContact":
        """From sealed values. What is missing or unknown counts as not asked."""
        also = tuple(Way(**_known(Way, each)) for each in fields.get("also", ()))
        return cls(**_known(cls, fields) | {"also": also})


def _known(kind: type[Way], fields: dict[str, Any]) -> dict[str, Any]:
    known = {name: fields[name] for name in kind.__dataclass_fields__ if name in fields}
    says = known.get("says")
    known["says"] = Says(says) if says in list(Says) else Says.NOT_ASKED
    known["days"] = tuple(int(day) for day in known.get("days", ()))
    return known


def _plain(way: Way) -> Way:
    return Way(**{name: getattr(way, name) for name in Way.__dataclass_fields__})


NOT_ASKED = SafeContact()


def contact_fault(contact: Way) -> str:
    """The name of the field that keeps a yes from being one, or an empty string. A no needs nothing."""
    if not contact.is_yes:
        return ""
    if contact.channel not in CHANNELS:
        return "channel"
    if not _reachable(contact):
        return "address"
    start, end = _time(contact.start), _time(contact.end)
    if contact.says is Says.AT_TIMES and (start is None or end is None or start == end):
        return "start"
    return ""


def may_send(contact: SafeContact, channel: str, at: datetime) -> Answer:
    """Whether a message by this channel may reach this person at this moment (aware, any zone).

    Only a fresh yes allows it: said before or today, not yet due to be asked again, for this channel, within its times by
    the clock where the person is, also when that clock is put forward or back. Never keep the answer: ask when sending.
    """
    way = contact.way(channel)
    if why := _no(contact, way):
        return Answer(Verdict.NEVER, why)
    zone = _zone(contact.zone)
    if zone is None:
        return Answer(Verdict.NEVER, Why.INCOMPLETE)
    if not _fresh(way, at.astimezone(zone).date()):
        return Answer(Verdict.NEVER, Why.STALE)
    if _within(way, at.astimezone(zone)):
        return Answer(Verdict.NOW, Why.YES)
    later = next((moment for moment in _openings(way, at, zone) if moment > at), None)
    if later is None or not _fresh(way, later.astimezone(zone).date()):
        return Answer(Verdict.NEVER, Why.NO_TIME_LEFT)
    return Answer(Verdict.NOT_BEFORE, Why.OUTSIDE_TIMES, later)


def may_leave_message(contact: SafeContact, at: datetime) -> bool:
    """Whether whoever calls may speak to an answering machine."""
    return contact.way("call").voicemail and may_send(contact, "call", at).verdict is Verdict.NOW


def _no(contact: SafeContact, way: Way) -> Why | None:
    if way.is_yes:
        return Why.INCOMPLETE if contact_fault(way) else None
    if contact.is_yes or any(each.is_yes for each in contact.also):
        return Why.OTHER_CHANNEL
    return Why.SAID_NO if Says.NO in (contact.says, way.says) else Why.NOT_ASKED


def _fresh(way: Way, on: date) -> bool:
    said, again = _date(way.said_on), _date(way.check_again_on)
    return said is not None and again is not None and said <= on < again


def _within(way: Way, local: datetime) -> bool:
    if way.says is Says.YES:
        return True
    start, end = _time(way.start), _time(way.end)
    if start is None or end is None:
        return False
    clock = local.timetz().replace(tzinfo=None)
    inside = start <= clock < end if start < end else clock >= start or clock < end
    day = local.isoweekday()
    if start >= end and clock < end:
        # After midnight the span belongs to the evening before.
        day = 7 if day == 1 else day - 1
    return inside and (not way.days or day in way.days)


def _openings(way: Way, at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Moments (UTC), soonest first, at which a span begins and really is open.

    A beginning that the clock skips in spring becomes the moment after the gap, if the span is still open then; one that
    comes twice in autumn counts both times.
    """
    start = _time(way.start) or time()
    today = at.astimezone(zone).date()
    for ahead in range(_LOOK_AHEAD):
        for fold in (0, 1):
            wall = datetime.combine(today + timedelta(days=ahead), start.replace(fold=fold), tzinfo=zone)
            moment = wall.astimezone(UTC)
            if _within(way, moment.astimezone(zone)):
                yield moment


def _reachable(contact: Way) -> bool:
    address = contact.address.strip()
    if not address or len(address) > _LONGEST:
        return False
    if contact.channel == "mail":
        name, at, host = address.rpartition("@")
        return bool(name and at) and "." in host.strip(".") and not any(char.isspace() for char in address)
    if contact.channel in ("text", "call"):
        return sum(char.isdigit() for char in address) >= 3
    return True


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None
