"""Reading meetings. Members appear as ids; their aliases come from the roster, opened by whoever may."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements.sources import PlatformFact
from circlekeeper.areas.meetings import provider, rules
from circlekeeper.areas.meetings.actions.plan import link_place
from circlekeeper.areas.meetings.models import (
    Answer,
    Arrival,
    ArrivalState,
    Format,
    Host,
    Meeting,
    MeetingState,
    PersonalLink,
    Series,
)
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency
from circlekeeper.foundation.vault import envelope, kdf, shredstore

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """One meeting as pages and other rooms see it."""

    id: str
    group_id: str
    series_id: str
    format: str
    provider: str
    time_zone: str
    local_on: date
    starts_at: datetime
    ends_at: datetime
    state: str
    doors_at: datetime | None
    opening_card_at: datetime | None
    locked_at: datetime | None
    closed_at: datetime | None
    headcount: int | None

    @property
    def zone(self) -> ZoneInfo:
        """The zone the group's times are said in."""
        return ZoneInfo(self.time_zone)

    @property
    def starts_local(self) -> datetime:
        """The start as the group's wall clock shows it."""
        return self.starts_at.astimezone(self.zone)

    @property
    def doors_open_at(self) -> datetime:
        """From when members may come to the waiting room, local time."""
        return (self.starts_at - rules.DOORS_BEFORE).astimezone(self.zone)

    @property
    def running(self) -> bool:
        """Whether people are being let in or are inside."""
        return self.state in (MeetingState.DOORS, MeetingState.LOCKED)


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A repeating meeting."""

    id: str
    format: str
    provider: str
    first_on: date
    local_time: time
    time_zone: str
    minutes: int
    every: str
    until: date | None


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


@dataclass(frozen=True, slots=True)
class Helper:
    """Someone who carries a part of a meeting."""

    person_id: str
    part: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """The newest answer to one point of the checklist."""

    point: str
    evidence: str
    holds: bool
    by: str
    at: datetime


def _facts(found: Meeting) -> MeetingFacts:
    series = found.series
    return MeetingFacts(
        id=found.pk,
        group_id=found.group_id,
        series_id=series.pk,
        format=series.format,
        provider=series.provider,
        time_zone=series.time_zone,
        local_on=found.local_on,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        state=found.state,
        doors_at=found.doors_at,
        opening_card_at=found.opening_card_at,
        locked_at=found.locked_at,
        closed_at=found.closed_at,
        headcount=found.headcount,
    )


def meeting(*, group_id: str, meeting_id: str) -> MeetingFacts:
    """One meeting of this group.

    :raises NotHere: this group has no such meeting.
    """
    found = Meeting.objects.select_related("series").filter(pk=meeting_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    return _facts(found)


def coming(*, group_ids: Sequence[str], now: datetime, limit: int = 10) -> list[MeetingFacts]:
    """Meetings of these groups that are not over, soonest first."""
    found = Meeting.objects.select_related("series").filter(
        Q(state__in=(MeetingState.DOORS, MeetingState.LOCKED)) | Q(state=MeetingState.PLANNED, ends_at__gt=now),
        group_id__in=group_ids,
    )
    return [_facts(each) for each in found.order_by("starts_at", "pk")[:limit]]


def past(*, group_id: str, limit: int = 10) -> list[MeetingFacts]:
    """The latest closed or cancelled meetings of a group, newest first."""
    found = Meeting.objects.select_related("series").filter(
        group_id=group_id, state__in=(MeetingState.CLOSED, MeetingState.CANCELLED)
    )
    return [_facts(each) for each in found.order_by("-starts_at")[:limit]]


def series_of(group_id: str) -> list[SeriesFacts]:
    """The running series of a group."""
    return [
        SeriesFacts(
            id=each.pk,
            format=each.format,
            provider=each.provider,
            first_on=each.first_on,
            local_time=each.local_time,
            time_zone=each.time_zone,
            minutes=each.minutes,
            every=each.every,
            until=each.until,
        )
        for each in Series.objects.filter(group_id=group_id, ended_at__isnull=True).order_by("first_on", "pk")
    ]


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
    """A number that changes when anything at the door changes; live pages poll it."""
    tally = Arrival.objects.filter(meeting_id=meeting_id).aggregate(
        rows=Count("pk"), decided=Count("decided_at"), inside=Count("pk", filter=Q(state=ArrivalState.ADMITTED))
    )
    newest = (
        Arrival.objects.filter(meeting_id=meeting_id).order_by("-decided_at").values_list("decided_at", "state")
    )
    state = Meeting.objects.filter(pk=meeting_id).values_list("state", flat=True).first()
    seen = (tally["rows"], tally["decided"], tally["inside"], newest.first(), state)
    return zlib.crc32(repr(seen).encode())


def place(*, token: str, device: str, now: datetime) -> Place:
    """What the link's holder sees now; two queries.

    :raises NotHere: no such link; it may have been replaced, or the meeting closed and its links are gone.
    """
    links = PersonalLink.objects.select_related("meeting__series")
    link = links.filter(token_hash=rules.token_hash(token)).first()
    if link is None:
        raise NotHere
    here = list(link.arrivals.all())
    mark = rules.token_hash(device)
    mine = next((each for each in here if bytes(each.device_hash) == mark), None)
    answer = rules.door(
        state=link.meeting.state,
        opens_at=link.meeting.starts_at - rules.DOORS_BEFORE,
        now=now,
        revoked=link.revoked_at is not None,
        was_here=any(not each.unverified for each in here),
        another_device=link.device_hash is not None and bytes(link.device_hash) != mark,
    )
    return Place(_facts(link.meeting), answer, mine.state if mine else None, bool(mine and mine.unverified))


def address(meeting_id: str) -> str:
    """The sealed outside address of a meeting's series. Only for minting the way in of an admitted person, and for probes.

    :raises NotHere: the meeting has no outside address.
    """
    series = Series.objects.filter(meetings=meeting_id, format=Format.ONLINE).first()
    if series is None or series.sealed_link is None:
        raise NotHere
    key = kdf.derive(shredstore.secret(series.link_secret_id), "outside-link")
    return envelope.unseal(key, bytes(series.sealed_link), link_place(series.pk, series.group_id)).decode()


def way_in(*, meeting_id: str, now: datetime) -> str:
    """The address for one admitted person, minted now; empty for a meeting in a room."""
    found = Meeting.objects.select_related("series").get(pk=meeting_id)
    if found.series.format != Format.ONLINE:
        return ""
    way = provider.provider(found.series.provider)
    return way.mint_link(meeting_id=meeting_id, address=address(meeting_id), now=now)


def helpers(meeting_id: str) -> list[Helper]:
    """Who carries which part."""
    rows = Host.objects.filter(meeting_id=meeting_id).order_by("part", "pk")
    return [Helper(*row) for row in rows.values_list("person_id", "part", "confirmed_at")]


def answers(meeting_id: str) -> dict[str, PointAnswer]:
    """The newest answer to each point of the checklist."""
    rows = Answer.objects.filter(meeting_id=meeting_id).order_by("at", "pk")
    return {
        point: PointAnswer(point, evidence, holds, by, at)
        for point, evidence, holds, by, at in rows.values_list("point", "evidence", "holds", "by", "at")
    }


def links_offered(meeting_id: str) -> dict[str, int]:
    """How many live links each member has for a meeting: ``{member id: count}``."""
    rows = PersonalLink.objects.filter(meeting_id=meeting_id, revoked_at__isnull=True)
    return dict(rows.values_list("member_id").annotate(links=Count("pk")))


def next_for_member(*, group_id: str, now: datetime) -> MeetingFacts | None:
    """The meeting a member's own page leads to."""
    return next(iter(coming(group_ids=[group_id], now=now, limit=1)), None)


def platforms(group_id: str) -> list[PlatformFact]:
    """The outside services a group meets through, for its policy (POL1)."""
    names = sorted({each.provider for each in series_of(group_id) if each.provider})
    return [PlatformFact(provider.provider(name).title, provider.provider(name).sees) for name in names]


def todo(who: Any, now: datetime) -> list[Todo]:
    """The next meeting of each group this person hosts, when it is near and something still stands open."""
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.MEETING_HOST, place)]
    near = [each for each in coming(group_ids=places, now=now, limit=20) if each.starts_at - now <= SOON]
    return [_todo(each, now) for each in near]


def _todo(meeting: MeetingFacts, now: datetime) -> Todo:
    return Todo(
        title=_("Meeting on %(day)s") % {"day": date_format(meeting.starts_local, "l, H:i")},
        why=_("The door is being kept.")
        if meeting.running
        else _("A few points are checked before the doors open."),
        url=reverse("meetings:cockpit", args=[meeting.group_id, meeting.id]),
        minutes=5,
        urgency=Urgency.TODAY if meeting.starts_at - now <= timedelta(hours=24) else Urgency.SOON,
        due=meeting.starts_at,
    )


def own_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """The next meeting and its door, for a member's own page."""
    if roster.member(group_id=group_id, member_id=member_id).state not in ("member", "paused"):
        return []
    meeting = next_for_member(group_id=group_id, now=now)
    if meeting is None:
        return [Slot(_("No meeting is planned"), _("When one is, your door to it is here."))]
    when = date_format(meeting.starts_local, "l j F, H:i")
    if roster.why_no_link(group_id=group_id, member_id=member_id):
        text = roster.why_no_link(group_id=group_id, member_id=member_id)
        return [Slot(when, text)]
    opens = date_format(meeting.doors_open_at, "H:i")
    text = _("Time in %(zone)s. Your door opens at %(opens)s.") % {"zone": meeting.time_zone, "opens": opens}
    return [Slot(when, text, reverse("my-door", args=[meeting.id]), _("Go to my door"), posts=True)]
