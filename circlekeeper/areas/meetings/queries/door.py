"""The door, from both sides."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from circlekeeper.areas.meetings import provider, rules, sealing, sessions
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Format, Meeting
from circlekeeper.areas.meetings.queries import doorlinks
from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.foundation.errors import NotHere

# A member who holds a live link reads where the room is from this long before the start, and no earlier (FMT1).
PLACE_TOLD_BEFORE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """One arrival; ``member_id`` leads to an alias for those who may open it."""

    id: str
    member_id: str
    state: str
    unverified: bool
    arrived_at: datetime
    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class Place:
    """What the holder of a link sees: the meeting, and where they stand."""

    meeting: MeetingFacts
    answer: rules.DoorAnswer
    state: str | None
    unverified: bool
    asked: str
    address: doorlinks.SealedAddress | None = field(repr=False)
    arrival_id: str | None = None


def at_the_door(*, group_id: str, meeting_id: str) -> list[AtTheDoor]:
    """Everyone at the door or inside, in the order they came, in one query."""
    rows = Arrival.objects.filter(meeting_id=meeting_id, group_id=group_id).order_by(
        "arrived_at", "unverified", "pk"
    )
    return [
        AtTheDoor(*row)
        for row in rows.values_list(
            "pk", "link__member_id", "state", "unverified", "arrived_at", "asked", "answered"
        )
    ]


def door_version(meeting_id: str) -> int:
    """A number that changes when anything at the door changes; live pages ask for it about once a second. One query."""
    inside = Q(links__arrivals__state=ArrivalState.ADMITTED)
    seen = (
        Meeting.objects.filter(pk=meeting_id)
        .annotate(
            rows=Count("links__arrivals"),
            inside=Count("links__arrivals", filter=inside),
            came=Max("links__arrivals__arrived_at"),
            decided=Max("links__arrivals__decided_at"),
        )
        .values_list(
            "state",
            "locks_at",
            "opening_card_at",
            "paused_at",
            "progress__since",
            "rows",
            "inside",
            "came",
            "decided",
        )
        .first()
    )
    return zlib.crc32(repr(seen).encode())


def place(*, token: str, device: str, now: datetime) -> Place:
    """What the link's holder sees now; one statement.

    :raises NotHere: no such link; it may have been replaced, or the meeting closed and its links are gone.
    """
    link = _link(token)
    mark = rules.device_mark(rules.ON_THE_PHONE if link.meeting.is_by_phone else device, link.id)
    mine = link.device(mark)
    return Place(
        link.meeting,
        link.answer(mark, now),
        mine.state if mine else None,
        bool(mine and mine.unverified),
        mine.asked if mine else "",
        link.address,
        mine.arrival_id if mine else None,
    )


def _link(token: str) -> doorlinks.LinkFacts:
    link = doorlinks.link(rules.token_hash(token))
    if link is None:
        raise NotHere
    return link


def asks_a_name(meeting_id: str) -> bool:
    """Whether the service of a meeting has to be told what to call a person."""
    found = Meeting.objects.select_related("series").get(pk=meeting_id).series
    return found.format == Format.ONLINE and not provider.provider(found.provider).takes_address


def way_in(*, meeting_id: str, token: str, now: datetime, alias: str = "") -> str:
    """The address for one admitted person, minted now; empty for a meeting in a room. Call ``actions.go_in`` first.

    ``alias``: the name they want to be called by there; it is put into the link and nowhere else.

    :raises NotHere: the series leads nowhere any more.
    """
    found = Meeting.objects.select_related("series").get(pk=meeting_id)
    if found.series.format != Format.ONLINE:
        return ""
    way = provider.provider(found.series.provider)
    guest = provider.Guest(ref=rules.guest_ref(rules.token_hash(token), meeting_id), alias=alias)
    return way.mint_link(sessions.session_of(found), guest, now=now)


def venue(*, token: str, now: datetime) -> str:
    """Where the room is, for the holder of a live link from the day before; empty for everybody else, and online (FMT1).

    :raises NotHere: no such link.
    """
    link = _link(token)
    return "" if link.revoked_at else venue_of(link.meeting, link.address, now=now)


def venue_of(meeting: MeetingFacts, address: doorlinks.SealedAddress | None, *, now: datetime) -> str:
    """Where the room of a meeting is, as ``venue`` says it, for someone whose link was found to be live."""
    near = now >= meeting.starts_at - PLACE_TOLD_BEFORE
    if meeting.format != Format.IN_PERSON or address is None or not near:
        return ""
    try:
        return sealing.open_address(address)
    except NotHere:
        return ""
