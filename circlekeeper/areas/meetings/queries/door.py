"""The door, from both sides."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from circlekeeper.areas.meetings import provider, rules, sealing
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Format, Meeting, PersonalLink
from circlekeeper.areas.meetings.queries.facts import MeetingFacts, meeting_facts
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


@dataclass(frozen=True, slots=True)
class Place:
    """What the holder of a link sees: the meeting, and where they stand."""

    meeting: MeetingFacts
    answer: rules.DoorAnswer
    state: str | None
    unverified: bool


def at_the_door(*, group_id: str, meeting_id: str) -> list[AtTheDoor]:
    """Everyone at the door or inside, in the order they came, in one query."""
    rows = Arrival.objects.filter(meeting_id=meeting_id, group_id=group_id).order_by(
        "arrived_at", "unverified", "pk"
    )
    return [
        AtTheDoor(pk, member, state, unverified, arrived)
        for pk, member, state, unverified, arrived in rows.values_list(
            "pk", "link__member_id", "state", "unverified", "arrived_at"
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
        .values_list("state", "locks_at", "opening_card_at", "rows", "inside", "came", "decided")
        .first()
    )
    return zlib.crc32(repr(seen).encode())


def place(*, token: str, device: str, now: datetime) -> Place:
    """What the link's holder sees now; two queries.

    :raises NotHere: no such link; it may have been replaced, or the meeting closed and its links are gone.
    """
    link = _link(token)
    mark, here = rules.device_mark(device, link.pk), list(link.arrivals.all())
    mine = next((each for each in here if bytes(each.device_hash) == mark), None)
    answer = answer_at_door(link, here, mark, now)
    return Place(meeting_facts(link.meeting), answer, mine.state if mine else None, bool(mine and mine.unverified))


def answer_at_door(link: PersonalLink, here: Iterable[Arrival], mark: bytes, now: datetime) -> rules.DoorAnswer:
    """Where a link leads for one device, from its rows."""
    return rules.door(
        state=link.meeting.state,
        opens_at=link.meeting.opens_at,
        locks_at=link.meeting.locks_at,
        now=now,
        revoked=link.revoked_at is not None,
        another_device=link.device_hash is not None and bytes(link.device_hash) != mark,
        came=[
            rules.Came(
                asking=bytes(each.device_hash) == mark,
                unverified=each.unverified,
                removed=each.state == ArrivalState.REMOVED,
            )
            for each in here
        ],
    )


def _link(token: str) -> PersonalLink:
    links = PersonalLink.objects.select_related("meeting__series")
    link = links.filter(token_hash=rules.token_hash(token)).first()
    if link is None:
        raise NotHere
    return link


def way_in(*, meeting_id: str, now: datetime) -> str:
    """The address for one admitted person, minted now; empty for a meeting in a room. Call ``actions.go_in`` first.

    :raises NotHere: the series leads nowhere any more.
    """
    found = Meeting.objects.select_related("series").get(pk=meeting_id)
    if found.series.format != Format.ONLINE:
        return ""
    way = provider.provider(found.series.provider)
    return way.mint_link(meeting_id=meeting_id, address=sealing.open_address(found.series), now=now)


def venue(*, token: str, now: datetime) -> str:
    """Where the room is, for the holder of a live link from the day before; empty for everybody else, and online (FMT1)."""
    link = _link(token)
    series = link.meeting.series
    near = now >= link.meeting.starts_at - PLACE_TOLD_BEFORE
    if series.format != Format.IN_PERSON or series.sealed_address is None or link.revoked_at or not near:
        return ""
    try:
        return sealing.open_address(series)
    except NotHere:
        return ""
