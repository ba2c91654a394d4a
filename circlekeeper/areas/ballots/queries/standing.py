"""How the questions of a meeting stand, and the words in which that is said. No name, no count, no order of answers."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import rules, sealing
from circlekeeper.areas.ballots.models import Ballot, Kind
from circlekeeper.areas.ballots.queries import rooms, words
from circlekeeper.areas.ballots.rules import Round, Standing
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings.sources import Asked, HostLine
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.memo import remembered

_TABLE = Ballot._meta.db_table


@dataclass(frozen=True, slots=True)
class BallotFacts:
    """One question. ``words``, ``who``: see ``actions.ask``."""

    id: str
    kind: str
    standing: Standing
    words: str = field(repr=False)
    who: str = field(repr=False)
    round: Round = field(repr=False)


def inside(*, group_id: str, meeting_id: str) -> frozenset[str]:
    """The arrivals of everybody who is inside."""
    rows = meetings.at_the_door(group_id=group_id, meeting_id=meeting_id)
    return frozenset(each.id for each in rows if each.state == "admitted")


def ballots(*, group_id: str, meeting_id: str, now: datetime) -> list[BallotFacts]:
    """The newest question of each kind, recording first."""
    if meeting_id not in _with_ballots():
        return []
    here = inside(group_id=group_id, meeting_id=meeting_id)
    rows = Ballot.objects.filter(group_id=group_id, meeting_id=meeting_id).order_by("asked_at", "pk")
    newest = {row.kind: row for row in rows}
    return [_facts(newest[kind], here, now) for kind in Kind.values if kind in newest]


@remembered(_TABLE, across_pages=True)
def _with_ballots() -> frozenset[str]:
    """Meetings in which something was asked. Most evenings have none, and a door asks this each time."""
    return frozenset(Ballot.objects.values_list("meeting_id", flat=True))


def _facts(row: Ballot, here: frozenset[str], now: datetime) -> BallotFacts:
    found = sealing.unseal(row)
    return BallotFacts(
        row.pk, row.kind, rules.standing(found.round, here, now), found.words, found.who, found.round
    )


def allowed(*, group_id: str, meeting_id: str, kind: str, now: datetime) -> bool:
    """Whether everybody inside has said yes to this, and nobody took it back."""
    found = ballots(group_id=group_id, meeting_id=meeting_id, now=now)
    return any(each.kind == kind and each.standing is Standing.ALLOWED for each in found)


def why_not(meeting: meetings.MeetingFacts, *, kind: str, inside: frozenset[str], now: datetime) -> str:
    """Why this cannot be asked now; empty if it can."""
    if kind == Kind.RECORDING and safeguards.settings_for(meeting.group_id).value("recording") == "off":
        return _("In a group like yours nothing is ever recorded. That is fixed, also for a group that wants it.")
    if not meeting.running:
        return _("Everybody is asked during the meeting. It is not running.")
    if len(inside) < rules.LEAST:
        return _(
            "Fewer than three people are inside, so each could tell whose no it was. Nothing is asked, and the answer is "
            "no."
        )
    now_asked = ballots(group_id=meeting.group_id, meeting_id=meeting.id, now=now)
    before = next((each for each in now_asked if each.kind == kind), None)
    if before is None:
        return ""
    if before.standing is not Standing.OVER:
        return _("Everybody is being asked, or has said yes. End that first.")
    if rules.may_ask_again(before.round, inside, once=kind == Kind.RECORDING):
        return ""
    if kind == Kind.RECORDING:
        return _("Not everyone said yes. That holds for this meeting, and nobody is pressed by asking again.")
    return _("Somebody who was asked before is not inside. Asking now could show whose no it was.")


def asked(*, group_id: str, meeting_id: str, arrival_id: str, now: datetime) -> tuple[Asked, ...]:
    """What somebody inside is asked, or told, on their door."""
    if meeting_id not in _with_ballots():
        return ()
    here = inside(group_id=group_id, meeting_id=meeting_id)
    if arrival_id not in here:
        return ()
    found = ballots(group_id=group_id, meeting_id=meeting_id, now=now)
    return tuple(
        words.at_the_door(each, open_=rules.may_answer(each.round, arrival_id, here, now)) for each in found
    )


def for_hosts(*, group_id: str, meeting_id: str, now: datetime) -> tuple[HostLine, ...]:
    """How the questions stand, for the cockpit, with the way to this room's page last."""
    url = reverse("ballots:yes", args=[group_id, meeting_id])
    found = ballots(group_id=group_id, meeting_id=meeting_id, now=now)
    return (
        *(HostLine(words.for_hosts(each), "", "") for each in found),
        *rooms.rooms_for_hosts(group_id=group_id, meeting_id=meeting_id, now=now),
        HostLine("", url, _("Recording, screens and small rooms")),
    )


def version(meeting_id: str) -> int:
    """A number that changes when a question is asked, answered or ended."""
    rows = Ballot.objects.filter(meeting_id=meeting_id).order_by("pk").values_list("pk", "changes")
    return zlib.crc32(repr(list(rows)).encode())
