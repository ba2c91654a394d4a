"""Meetings and series as pages and other rooms see them, with their times in the words of the group's own clock."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import Format, Meeting, MeetingState, Series


def zone_words(time_zone: str) -> str:
    """How a time zone is named beside a time: ``Berlin time``, ``UTC``."""
    place = time_zone.rpartition("/")[2].replace("_", " ")
    return place if place == "UTC" else _("%(place)s time") % {"place": place}


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """One meeting. Moments are UTC; templates show the words below, because Django turns moments into its own zone."""

    id: str
    group_id: str
    series_id: str
    format: str
    provider: str
    time_zone: str
    local_on: date
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    state: str
    doors_at: datetime | None
    lock_after: int | None
    locks_at: datetime | None
    opening_card_at: datetime | None
    locked_at: datetime | None
    paused_at: datetime | None
    closed_at: datetime | None
    headcount: int | None
    moved_to: str
    moved_at: datetime | None
    moved_why: str

    @property
    def held_at(self) -> str:
        """The service it is held at: the series' (``provider``), or the second place it was moved to."""
        return self.moved_to or self.provider

    @property
    def zone(self) -> ZoneInfo:
        """The zone the group's times are said in."""
        return ZoneInfo(self.time_zone)

    @property
    def starts_local(self) -> datetime:
        """The start as the group's wall clock shows it. Not for templates: use ``when``."""
        return self.starts_at.astimezone(self.zone)

    @property
    def when(self) -> str:
        """``Thursday 26 November, 19:00``."""
        return date_format(self.starts_local, "l j F, H:i")

    @property
    def day(self) -> str:
        """``Thursday 26 November``."""
        return date_format(self.starts_local, "l j F")

    @property
    def zone_words(self) -> str:
        """``Berlin time``."""
        return zone_words(self.time_zone)

    @property
    def starts(self) -> str:
        """``19:00``."""
        return self.clock(self.starts_at)

    @property
    def ends(self) -> str:
        """``20:30``."""
        return self.clock(self.ends_at)

    @property
    def opens(self) -> str:
        """From when personal links work: ``18:50``."""
        return self.clock(self.opens_at)

    @property
    def opened(self) -> str:
        """When the doors were opened; empty if they were not."""
        return self.clock(self.doors_at) if self.doors_at else ""

    @property
    def locks(self) -> str:
        """When the doors lock by themselves; empty as long as nobody was let in."""
        return self.clock(self.locks_at) if self.locks_at else ""

    @property
    def is_online(self) -> bool:
        """Whether people, or some of them, meet through another service."""
        return Format(self.format).is_online

    @property
    def in_a_room(self) -> bool:
        """Whether people, or some of them, meet at a place."""
        return Format(self.format).in_a_room

    @property
    def is_hybrid(self) -> bool:
        """Whether some are in a room while others join from afar (FMT10-FMT12)."""
        return self.format == Format.HYBRID

    @property
    def is_by_phone(self) -> bool:
        """Whether people call in."""
        return self.format == Format.PHONE

    @property
    def how(self) -> str:
        """``Online``, ``In person``, or both, in words."""
        words = {Format.ONLINE: _("Online"), Format.IN_PERSON: _("In person"), Format.PHONE: _("By phone")}
        return words.get(Format(self.format)) or _("In a room and online")

    @property
    def running(self) -> bool:
        """Whether people are being let in or are inside."""
        return self.state in (MeetingState.DOORS, MeetingState.LOCKED)

    def clock(self, moment: datetime) -> str:
        """A moment as the group's wall clock shows it."""
        return date_format(moment.astimezone(self.zone), "H:i")

    def locked(self, now: datetime) -> bool:
        """Whether the doors are locked, by a host or by themselves."""
        return rules.locked(state=self.state, locks_at=self.locks_at, now=now)


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A running series. ``has_address``: it leads somewhere, sealed."""

    id: str
    group_id: str
    format: str
    provider: str
    first_on: date
    local_time: time
    time_zone: str
    minutes: int
    every: str
    until: date | None
    has_address: bool

    @property
    def is_online(self) -> bool:
        """Whether people, or some of them, meet through another service."""
        return Format(self.format).is_online

    @property
    def in_a_room(self) -> bool:
        """Whether people, or some of them, meet at a place."""
        return Format(self.format).in_a_room

    @property
    def is_hybrid(self) -> bool:
        """Whether some are in a room while others join from afar (FMT10-FMT12)."""
        return self.format == Format.HYBRID

    @property
    def is_by_phone(self) -> bool:
        """Whether people call in."""
        return self.format == Format.PHONE

    @property
    def how(self) -> str:
        """``Online``, ``In person``, or both, in words."""
        words = {Format.ONLINE: _("Online"), Format.IN_PERSON: _("In person"), Format.PHONE: _("By phone")}
        return words.get(Format(self.format)) or _("In a room and online")

    @property
    def zone_words(self) -> str:
        """``Berlin time``."""
        return zone_words(self.time_zone)

    @property
    def rhythm(self) -> str:
        """``Every Thursday, 19:00``."""
        day, at = date_format(self.first_on, "l"), self.local_time.strftime("%H:%M")
        words = {
            "week": _("Every %(day)s, %(at)s"),
            "fortnight": _("Every second %(day)s, %(at)s"),
            "month": _("Once a month on a %(day)s, %(at)s"),
            "once": _("Once, on %(date)s, %(at)s"),
        }
        return words[self.every] % {"day": day, "at": at, "date": date_format(self.first_on, "j F Y")}


def meeting_facts(found: Meeting) -> MeetingFacts:
    """A row, with its series beside it."""
    return MeetingFacts(
        id=found.pk,
        group_id=found.group_id,
        series_id=found.series_id,
        format=found.series.format,
        provider=found.series.provider,
        time_zone=found.series.time_zone,
        local_on=found.local_on,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        opens_at=found.opens_at,
        state=found.state,
        doors_at=found.doors_at,
        lock_after=found.lock_after,
        locks_at=found.locks_at,
        opening_card_at=found.opening_card_at,
        locked_at=found.locked_at,
        paused_at=found.paused_at,
        closed_at=found.closed_at,
        headcount=found.headcount,
        moved_to=found.moved_to,
        moved_at=found.moved_at,
        moved_why=found.moved_why,
    )


def series_facts(found: Series) -> SeriesFacts:
    """A row."""
    return SeriesFacts(
        id=found.pk,
        group_id=found.group_id,
        format=found.format,
        provider=found.provider,
        first_on=found.first_on,
        local_time=found.local_time,
        time_zone=found.time_zone,
        minutes=found.minutes,
        every=found.every,
        until=found.until,
        has_address=found.sealed_address is not None,
    )
