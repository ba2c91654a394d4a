"""Calendar entries (RFC 5545) that say when and nothing else: one title, no place, nobody's name, no alarm (WHY1, FMT1).

Times are in UTC. Each meeting is an entry of its own, so no rule has to be carried over a change of the clocks, and the file
does not say where somebody lives. A year of weekly entries takes 10.1 kB so, and 14.6 kB with a VTIMEZONE.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from circlekeeper.foundation.post import catalogue

TYPE = "text/calendar; charset=utf-8"
LOOK_AGAIN_AFTER = timedelta(hours=6)
# Says which program wrote it, as the standard asks; it names neither this software nor this place.
_MAKER = "-//calendar//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``uid`` is random-looking, and not the same for two people (``uid_for``)."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False


def uid_for(*, owner_id: str, thing_id: str) -> str:
    """The same each time for one person and thing, and without their ids: two people's calendars cannot be matched by it."""
    return hashlib.blake2b(
        thing_id.encode(), digest_size=16, key=owner_id.encode(), person=b"ck-entry"
    ).hexdigest()


def calendar(entries: Iterable[Entry], *, stamp: datetime, lang: str = "en") -> bytes:
    """A calendar file. ``stamp``: when it was made."""
    made = Calendar()
    made.add("prodid", _MAKER)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("refresh-interval", LOOK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for entry in entries:
        made.add_component(_event(entry, stamp, lang))
    return bytes(made.to_ical())


def _event(entry: Entry, stamp: datetime, lang: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", catalogue.entry_title(lang))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    if entry.cancelled:
        event.add("status", "CANCELLED")
    return event
