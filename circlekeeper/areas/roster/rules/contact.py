"""Whether and how somebody may be reached. Silence, an old yes and a guess are all a no (WHY1, ACC6)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

CHECK_AGAIN_AFTER = "P90D"
CHANNELS = ("mail", "text", "call", "post")
_LONGEST = 200


class Says(StrEnum):
    """What a person said about being reached."""

    NOT_ASKED = "not-asked"
    NO = "no"
    YES = "yes"
    AT_TIMES = "at-times"


@dataclass(frozen=True, slots=True)
class SafeContact:
    """One person's word on being reached: by what, where, when, and until when the word holds.

    Times are wall-clock times in ``zone``; a span may run over midnight. ``voicemail``: whether a message may be left.
    ``days`` are ISO weekdays, 1 for Monday; none given means every day.
    """

    says: Says = Says.NOT_ASKED
    channel: str = ""
    address: str = ""
    start: str = ""
    end: str = ""
    days: tuple[int, ...] = ()
    voicemail: bool = False
    zone: str = "UTC"
    said_on: str = ""
    check_again_on: str = ""

    def as_fields(self) -> dict[str, Any]:
        """As plain values, for sealing."""
        return asdict(self) | {"days": list(self.days)}

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "SafeContact":
        """From sealed values. What is missing or unknown counts as not asked."""
        known = {name: fields[name] for name in cls.__dataclass_fields__ if name in fields}
        says = known.pop("says", Says.NOT_ASKED)
        days = tuple(int(day) for day in known.pop("days", ()))
        return cls(says=Says(says) if says in Says.__members__.values() else Says.NOT_ASKED, days=days, **known)


NOT_ASKED = SafeContact()


def contact_fault(contact: SafeContact) -> str:
    """The name of the field that keeps a yes from being one, or an empty string. A no needs nothing."""
    if contact.says not in (Says.YES, Says.AT_TIMES):
        return ""
    if contact.channel not in CHANNELS:
        return "channel"
    if not _reachable(contact):
        return "address"
    if contact.says is Says.AT_TIMES and (not (contact.start and contact.end) or contact.start == contact.end):
        return "start"
    return ""


def may_contact(contact: SafeContact, *, channel: str, local: datetime) -> bool:
    """Whether a message by this channel may reach the person at this local moment.

    Only a fresh yes allows it: said before or today, not yet due to be asked again, for this channel, within its times.
    """
    if contact_fault(contact) or contact.says not in (Says.YES, Says.AT_TIMES) or contact.channel != channel:
        return False
    said, again = _date(contact.said_on), _date(contact.check_again_on)
    if said is None or again is None or not said <= local.date() < again:
        return False
    return contact.says is Says.YES or _within(contact, local)


def _within(contact: SafeContact, local: datetime) -> bool:
    start, end = _time(contact.start), _time(contact.end)
    if start is None or end is None:
        return False
    clock = local.timetz().replace(tzinfo=None)
    inside = start <= clock < end if start < end else clock >= start or clock < end
    day = local.isoweekday()
    if start >= end and clock < end:
        # After midnight the span belongs to the evening before.
        day = 7 if day == 1 else day - 1
    return inside and (not contact.days or day in contact.days)


def _reachable(contact: SafeContact) -> bool:
    address = contact.address.strip()
    if not address or len(address) > _LONGEST:
        return False
    if contact.channel == "mail":
        name, at, host = address.rpartition("@")
        return bool(name and at) and "." in host.strip(".") and not any(char.isspace() for char in address)
    if contact.channel in ("text", "call"):
        return sum(char.isdigit() for char in address) >= 3
    return True


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
