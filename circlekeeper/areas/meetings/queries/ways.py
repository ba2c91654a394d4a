"""Services as people choose them, and what they said about a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import provider, sessions
from circlekeeper.areas.meetings.models import Connection, Seen, Setup
from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.areas.meetings.queries.schedule import set_aside
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards.evidence import EVIDENCE_WORDS, Evidence
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import NotHere

_BINDING = (playbook.Mode.REQUIRED, playbook.Mode.LOCKED)
_A_PERSONS_WORD = (Evidence.ATTESTED, Evidence.WRITTEN_UNVERIFIED)
_NOT_SHOWN = (*_A_PERSONS_WORD, Evidence.IMPOSSIBLE)
_RECORDING = "recording-off"


@dataclass(frozen=True, slots=True)
class Need:
    """One control that a group's level requires, at one service.

    ``how``: ``shown`` (it shows by itself), ``word`` (a person has to say it), ``no`` (it cannot be done there)
    or ``aside`` (it cannot, and two people have set it aside ``until`` a moment).
    """

    control: str
    title: str
    how: str
    word: str
    words: str
    until: datetime | None
    may_be_set_aside: bool


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """One way in for one group.

    ``fits``: ``yes``, ``word`` (only with a person's word on what is required) or ``no`` (``lacking`` says what it cannot).
    ``needed``: it has to be connected before anybody plans there. ``by_phone``: people call in.
    ``offered``: whether the level lets it be among the choices: where recording is locked off, a service has to show by
    itself that nothing records (HI2). ``can``: each control with how we would know. ``hook``: the address the service calls.
    """

    name: str
    title: str
    sees: str
    fits: str
    offered: bool
    needs: tuple[Need, ...]
    lacking: tuple[str, ...]
    by_word: tuple[str, ...]
    can: tuple[tuple[str, str, str], ...]
    settings: tuple[provider.Setting, ...] = field(repr=False)
    connected_at: datetime | None
    hook: str
    needed: bool
    by_phone: bool


@dataclass(frozen=True, slots=True)
class SeenFacts:
    """One setting as it was found."""

    title: str
    setting: str
    word: str
    expected: str
    found: str
    holds: bool
    unknown: bool
    at: str


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How a meeting stands at its service. ``trouble``: a sentence on what went wrong at the last try; empty: nothing."""

    title: str
    set_up: bool
    looked: str
    trouble: str
    wrong: int
    purged: bool


def services_for(group_id: str, *, now: datetime) -> list[ServiceFacts]:
    """Every installed way in, those that fit first."""
    rows = {each.provider: each for each in Connection.objects.filter(group_id=group_id)}
    found = [_facts(group_id, each, rows.get(each.name), now) for each in provider.providers()]
    return sorted(found, key=lambda each: (not each.offered, ("yes", "word", "no").index(each.fits), each.title))


def service_for(group_id: str, name: str, *, now: datetime) -> ServiceFacts:
    """One way in.

    :raises NotHere: it is not installed.
    """
    try:
        way = provider.provider(name)
    except KeyError:
        raise NotHere from None
    return _facts(group_id, way, Connection.objects.filter(group_id=group_id, provider=name).first(), now)


def _facts(group_id: str, way: provider.Provider, row: Connection | None, now: datetime) -> ServiceFacts:
    controls, can = playbook.book().controls, way.capabilities()
    needs = _needs(group_id, can, now)
    lacking = tuple(each.title for each in needs if each.how == "no")
    by_word = tuple(each.title for each in needs if each.how == "word")
    shows = any(each.control == _RECORDING and each.evidence not in _NOT_SHOWN for each in can)
    locked = safeguards.settings_for(group_id).mode(_RECORDING) is playbook.Mode.LOCKED
    return ServiceFacts(
        name=way.name,
        title=way.title,
        sees=way.sees,
        fits="no" if lacking else "word" if by_word else "yes",
        offered=not lacking and (shows or not locked),
        needs=needs,
        lacking=lacking,
        by_word=by_word,
        can=tuple((controls[each.control].title, str(EVIDENCE_WORDS[each.evidence]), each.words) for each in can),
        settings=tuple(way.settings),
        connected_at=row.connected_at if row else None,
        hook=f"{settings.PUBLIC_URL}/hooks/{row.pk}/" if row else "",
        needed=any(each.needed for each in way.settings),
        by_phone=isinstance(way, provider.AnswersCalls),
    )


def _needs(group_id: str, can: Sequence[provider.Capability], now: datetime) -> tuple[Need, ...]:
    """What the level requires of what this service speaks of, the gaps first."""
    asked, controls, aside = safeguards.settings_for(group_id), playbook.book().controls, set_aside(group_id, now)
    level = groups.group(group_id).level
    found = [
        Need(
            control=each.control,
            title=controls[each.control].title,
            how=_how(each, each.control in aside),
            word=str(EVIDENCE_WORDS[each.evidence]),
            words=each.words,
            until=aside.get(each.control),
            may_be_set_aside=safeguards.waivable(controls[each.control], level, asked),
        )
        for each in can
        if asked.mode(each.control) in _BINDING
    ]
    return tuple(sorted(found, key=lambda each: ("no", "aside", "word", "shown").index(each.how)))


def _how(can: provider.Capability, aside: bool) -> str:
    if can.evidence is Evidence.IMPOSSIBLE:
        return "aside" if aside else "no"
    return "word" if can.evidence in _A_PERSONS_WORD or can.word_too else "shown"


def is_connected(group_id: str, name: str) -> bool:
    """Whether meetings of this group can be planned at this service."""
    needed = any(each.needed for each in provider.provider(name).settings)
    return not needed or Connection.objects.filter(group_id=group_id, provider=name).exists()


def number_to_call(meeting: MeetingFacts) -> str:
    """The number people dial to a meeting by phone; empty where nothing is connected any more."""
    way = provider.provider(meeting.provider)
    if not isinstance(way, provider.AnswersCalls):
        return ""
    try:
        return way.number(sessions.connected(meeting.group_id, meeting.provider))
    except NotHere:
        return ""


def service_state(meeting: MeetingFacts) -> ServiceState | None:
    """How a meeting stands at its service; None where nothing is set up from here."""
    try:
        way = provider.provider(meeting.held_at)
    except KeyError:
        return None
    if not meeting.is_online or not way.settings:
        return None
    row = Setup.objects.filter(meeting_id=meeting.id, provider=meeting.held_at).first()
    if row is None:
        return ServiceState(way.title, set_up=False, looked="", trouble="", wrong=0, purged=False)
    trouble = provider.Unavailable(provider.Trouble(row.trouble)).sentence if row.trouble else ""
    return ServiceState(
        way.title,
        set_up=row.set_at is not None,
        looked=meeting.clock(row.looked_at) if row.looked_at else "",
        trouble=trouble,
        wrong=Seen.objects.filter(meeting_id=meeting.id, holds=False).exclude(found=provider.UNKNOWN).count(),
        purged=row.purged_at is not None,
    )


def seen(meeting: MeetingFacts) -> Sequence[SeenFacts]:
    """Every setting as it was found when the service was last asked; what is wrong first."""
    controls = playbook.book().controls
    rows = Seen.objects.filter(meeting_id=meeting.id).order_by("holds", "number")
    return [
        SeenFacts(
            title=controls[row.control].title if row.control in controls else row.control,
            setting=row.setting,
            word=str(EVIDENCE_WORDS[Evidence(row.evidence)]),
            expected=row.expected,
            found=_("nobody can see it from here") if row.found == provider.UNKNOWN else row.found,
            holds=row.holds,
            unknown=row.found == provider.UNKNOWN,
            at=meeting.clock(row.at),
        )
        for row in rows
    ]
