"""What is planned, what was, and through which services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from circlekeeper.areas.agreements.sources import PlatformFact
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings.models import Meeting, MeetingState, SecondPlace, Series
from circlekeeper.areas.meetings.queries.facts import MeetingFacts, SeriesFacts, meeting_facts, series_facts
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards.evidence import EVIDENCE_WORDS, Evidence
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import NotHere

_BINDING = (playbook.Mode.REQUIRED, playbook.Mode.LOCKED)


def meeting(*, group_id: str, meeting_id: str) -> MeetingFacts:
    """One meeting of this group.

    :raises NotHere: this group has no such meeting.
    """
    found = Meeting.objects.select_related("series").filter(pk=meeting_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    return meeting_facts(found)


def coming(
    *, group_ids: Sequence[str], now: datetime, limit: int = 10, cancelled: bool = False
) -> list[MeetingFacts]:
    """Meetings of these groups that are not over, soonest first; those that were cancelled only when asked for."""
    states = [MeetingState.PLANNED, MeetingState.CANCELLED] if cancelled else [MeetingState.PLANNED]
    found = Meeting.objects.select_related("series").filter(
        Q(state__in=(MeetingState.DOORS, MeetingState.LOCKED)) | Q(state__in=states, ends_at__gt=now),
        group_id__in=group_ids,
    )
    if cancelled:
        found = found.filter(Q(series__ended_at__isnull=True) | ~Q(state=MeetingState.CANCELLED))
    return [meeting_facts(each) for each in found.order_by("starts_at", "pk")[:limit]]


def running(now: datetime) -> list[MeetingFacts]:
    """Every meeting of this machine that takes people in or has them inside, and whose time is not over."""
    found = Meeting.objects.select_related("series").filter(
        state__in=(MeetingState.DOORS, MeetingState.LOCKED), ends_at__gt=now
    )
    return [meeting_facts(each) for each in found.order_by("starts_at", "pk")]


def past(*, group_id: str, now: datetime, limit: int = 10) -> list[MeetingFacts]:
    """The latest meetings of a group that are over, newest first: closed, cancelled, or never opened."""
    found = Meeting.objects.select_related("series").filter(
        Q(state=MeetingState.CLOSED)
        | Q(state__in=(MeetingState.CANCELLED, MeetingState.PLANNED), ends_at__lte=now),
        group_id=group_id,
    )
    return [meeting_facts(each) for each in found.order_by("-starts_at", "pk")[:limit]]


def series(*, group_id: str, series_id: str) -> SeriesFacts:
    """One running series of a group.

    :raises NotHere: there is none.
    """
    found = Series.objects.filter(pk=series_id, group_id=group_id, ended_at__isnull=True).first()
    if found is None:
        raise NotHere
    return series_facts(found)


def series_of(group_id: str) -> list[SeriesFacts]:
    """The running series of a group."""
    rows = Series.objects.filter(group_id=group_id, ended_at__isnull=True).order_by("first_on", "pk")
    return [series_facts(each) for each in rows]


def next_for_member(*, group_id: str, now: datetime) -> MeetingFacts | None:
    """The meeting a member's own page leads to."""
    return next(iter(coming(group_ids=[group_id], now=now, limit=1)), None)


def platforms(group_id: str) -> list[PlatformFact]:
    """The outside services a group meets through, or would if those were gone, for its policy (POL1)."""
    found = series_of(group_id)
    seconds = SecondPlace.objects.filter(series__in=[each.id for each in found]).values_list("provider", flat=True)
    names = sorted({each.provider for each in found if each.provider} | set(seconds))
    return [PlatformFact(provider.provider(name).title, provider.provider(name).sees) for name in names]


@dataclass(frozen=True, slots=True)
class Service:
    """One way in for people who choose: its name, what it sees, and what it can do by which kind of word (TEC2)."""

    name: str
    title: str
    sees: str
    takes_address: bool
    by_phone: bool
    can: tuple[tuple[str, str], ...]


def lacks(group_id: str, way: provider.Provider, *, now: datetime) -> list[str]:
    """What a group's level requires and this provider cannot do, as titles of the playbook (TEC2).

    What two people have set aside for a time is not asked for until its end; what is locked cannot be (TEC9).
    """
    answer, controls, aside = safeguards.settings_for(group_id), playbook.book().controls, set_aside(group_id, now)
    return [
        controls[each.control].title
        for each in way.capabilities()
        if each.evidence is Evidence.IMPOSSIBLE
        and answer.mode(each.control) in _BINDING
        and each.control not in aside
    ]


def set_aside(group_id: str, now: datetime) -> dict[str, datetime]:
    """The controls two people have set aside, with their ends; only those that the level in force lets be set aside."""
    shown = {each.control: each.expires_at for each in safeguards.waivers_shown(group_id, now)}
    if not shown:
        return {}
    answer, controls = safeguards.settings_for(group_id), playbook.book().controls
    level = groups.group(group_id).level
    return {
        control: until
        for control, until in shown.items()
        if control in controls and safeguards.waivable(controls[control], level, answer)
    }


def services() -> list[Service]:
    """Every way in that is installed here."""
    controls = playbook.book().controls
    return [
        Service(
            each.name,
            each.title,
            each.sees,
            each.takes_address,
            isinstance(each, provider.AnswersCalls),
            tuple((controls[can.control].title, str(EVIDENCE_WORDS[can.evidence])) for can in each.capabilities()),
        )
        for each in provider.providers()
    ]
