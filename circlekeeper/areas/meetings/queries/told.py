"""What the service of a meeting shows of a control, and what a person has to say because it does not (LOW2, TEC3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings.models import Meeting, Seen, Told
from circlekeeper.areas.meetings.provider import Evidence, ScopeOfProof
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook
from circlekeeper.foundation.memo import remembered


@dataclass(frozen=True, slots=True)
class Asked:
    """One setting a person has to look at. ``holds`` None: nobody has said so in time. ``lasts``: how long a word counts."""

    control: str
    title: str
    setting: str
    expected: str
    account: bool
    lasts: timedelta
    holds: bool | None
    by: str
    at: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """How one control stands at the service of a meeting.

    ``silent``: it says nothing about it. ``looked``: when the service last answered; ``wrong``: settings that are not as
    they should be; ``unsaid``: settings nobody has spoken for; ``evidence``: the weakest word of all.
    """

    looked: datetime | None
    silent: bool
    wrong: int
    unsaid: int
    by_word: bool
    evidence: Evidence
    until: datetime | None


def asked_of_people(meeting_id: str, *, now: datetime, but: str = "") -> list[Asked]:
    """The settings of a meeting's service that only a person can see, where the level asks for their control at all.

    ``but``: a control that is asked about elsewhere.
    """
    meeting = _meeting(meeting_id)
    if meeting is None:
        return []
    modes, controls = safeguards.settings_for(meeting.group_id), playbook.book().controls
    rows = [row for row in _seen(meeting_id) if row.evidence == Evidence.ATTESTED and row.control != but]
    words = _words(meeting_id, now) if rows else {}
    return [
        _asked(row, controls[row.control].title, words.get((row.control, row.setting)))
        for row in rows
        if row.control in controls and modes.mode(row.control) is not playbook.Mode.OFF
    ]


def shown(meeting_id: str, control: str, *, now: datetime) -> Shown | None:
    """How a control stands at the service of a meeting; None where nothing is set from here.

    What can only be seen while people are inside counts once it was seen.
    """
    meeting = _meeting(meeting_id)
    if meeting is None or not _is_set_from_here(meeting):
        return None
    everything = _seen(meeting_id)
    looked = everything[0].at if everything else None
    rows = [row for row in everything if row.control == control]
    machine = [row for row in rows if row.evidence not in (Evidence.ATTESTED, Evidence.WRITTEN_UNVERIFIED)]
    machine = [row for row in machine if row.found != provider.UNKNOWN or row.scope != ScopeOfProof.LIVE]
    people = [each for each in asked_of_people(meeting_id, now=now) if each.control == control]
    kinds = [Evidence(row.evidence) for row in machine] + [Evidence.ATTESTED] * bool(people)
    return Shown(
        looked=looked,
        silent=not rows,
        wrong=sum(not row.holds for row in machine) + sum(each.holds is False for each in people),
        unsaid=sum(each.holds is None for each in people),
        by_word=bool(people),
        evidence=max(kinds, key=list(Evidence).index) if kinds else Evidence.OWN_RECORD,
        until=min((each.until for each in people if each.until), default=None),
    )


def _is_set_from_here(meeting: Meeting) -> bool:
    names = {each.name for each in provider.providers() if each.settings}
    return meeting.held_at in names


@remembered("meetings_meeting", "meetings_series")
def _meeting(meeting_id: str) -> Meeting | None:
    return Meeting.objects.select_related("series").filter(pk=meeting_id).first()


@remembered("meetings_seen")
def _seen(meeting_id: str) -> tuple[Seen, ...]:
    return tuple(Seen.objects.filter(meeting_id=meeting_id).order_by("number"))


@remembered("meetings_told", "meetings_meeting", "meetings_series")
def _words(meeting_id: str, now: datetime) -> dict[tuple[str, str], Told]:
    """The newest word in force about each setting."""
    meeting = _meeting(meeting_id)
    if meeting is None:
        return {}
    rows = Told.objects.filter(
        Q(meeting=meeting) | Q(meeting__isnull=True),
        group_id=meeting.group_id,
        provider=meeting.held_at,
        until__gt=now,
    )
    return {(row.control, row.setting): row for row in rows.order_by("at", "-holds", "pk")}


def _asked(row: Seen, title: str, word: Told | None) -> Asked:
    return Asked(
        control=row.control,
        title=title,
        setting=row.setting,
        expected=row.expected,
        account=row.scope == ScopeOfProof.ACCOUNT,
        lasts=row.until - row.at,
        holds=word.holds if word else None,
        by=word.by if word else "",
        at=word.at if word else None,
        until=word.until if word else None,
    )
