"""The door, from both sides."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from circlekeeper.areas.meetings import provider, rules, sealing, sessions, sources
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Format, Meeting
from circlekeeper.areas.meetings.queries import doorlinks
from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.errors import NotHere


def place_told_before(group_id: str) -> timedelta:
    """How long before the start a member who may come reads where the room is, and no earlier (FMT1)."""
    return timedelta(hours=safeguards.settings_for(group_id).number("place-told"))


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


def been_inside(meeting_id: str) -> frozenset[str]:
    """The members who were let in, whether they are still inside or not. Empty when the meeting is closed: arrivals go."""
    rows = Arrival.objects.filter(meeting_id=meeting_id, inside_at__isnull=False)
    return frozenset(rows.values_list("link__member_id", flat=True))


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
    found = Meeting.objects.select_related("series").get(pk=meeting_id)
    return Format(found.series.format).by_browser and not provider.provider(found.held_at).takes_address


def way_in(*, meeting_id: str, token: str, now: datetime, alias: str = "") -> str:
    """The address for one admitted person, minted now; empty for a meeting in a room. Call ``actions.go_in`` first.

    ``alias``: the name they want to be called by there; it is put into the link and nowhere else.

    :raises NotHere: the series leads nowhere any more.
    """
    found = Meeting.objects.select_related("series").get(pk=meeting_id)
    if not Format(found.series.format).by_browser:
        return ""
    way = provider.provider(found.held_at)
    guest = provider.Guest(ref=rules.guest_ref(rules.token_hash(token), meeting_id), alias=alias)
    return way.mint_link(sessions.session_of(found), guest, now=now)


def venue(*, token: str, now: datetime) -> str:
    """Where the room is, for the holder of a live link when it is near; empty for everybody else, and online (FMT1).

    :raises NotHere: no such link.
    """
    link = _link(token)
    return "" if link.revoked_at else venue_of(link.meeting, link.address, now=now)


def venue_of(meeting: MeetingFacts, address: doorlinks.SealedAddress | None, *, now: datetime) -> str:
    """Where the room of a meeting is, as ``venue`` says it, for someone whose link was found to be live."""
    if not meeting.in_a_room or now < meeting.starts_at - place_told_before(meeting.group_id):
        return ""
    chosen = sources.place_of(group_id=meeting.group_id, series_id=meeting.series_id)
    if chosen or address is None or meeting.is_online:  # a series that is also online keeps its link there
        return chosen
    try:
        return sealing.open_address(address)
    except NotHere:
        return ""
