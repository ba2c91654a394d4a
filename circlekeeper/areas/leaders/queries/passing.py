"""How a handover stands, and what there is to hand over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from circlekeeper.areas.leaders import rules
from circlekeeper.areas.leaders.models import Handover
from circlekeeper.areas.leaders.rules import Step
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import groupkeys

ANSWER_WITHIN = timedelta(hours=24)
"""How long a leader who is thought gone has to say that they are not."""


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """A handover under way; ``your_turn``: the next step is the asking person's."""

    id: str
    leaver_id: str
    successor_id: str
    gone: bool
    began_at: datetime
    step: Step
    your_turn: bool


@dataclass(frozen=True, slots=True)
class Inventory:
    """What passes on with a group: numbers only."""

    members: int
    team: int
    holders: int
    series: int


def open_row(group_id: str) -> Handover:
    """:raises NotHere: no handover is under way."""
    found = Handover.objects.filter(group_id=group_id, finished_at__isnull=True, stopped_at__isnull=True).first()
    if found is None:
        raise NotHere
    return found


def handover(group_id: str, *, person_id: str) -> HandoverFacts | None:
    """The handover under way, as it stands for this person; None if there is none."""
    try:
        row = open_row(group_id)
    except NotHere:
        return None
    whole = {holder.person_id for holder in groupkeys.holders(group_id) if holder.whole}
    step = rules.next_step(
        accepted=row.accepted_at is not None,
        holds_all=row.successor_id in whole,
        proved=row.proved_at is not None,
        gone=row.gone,
        over=False,
    )
    turn = rules.may_take(
        step,
        person=person_id,
        leaver=row.leaver_id,
        successor=row.successor_id,
        began_by=row.began_by,
        holders=whole,
    )
    return HandoverFacts(row.pk, row.leaver_id, row.successor_id, row.gone, row.began_at, step, turn)


def handovers_of(person_id: str, group_ids: list[str]) -> list[str]:
    """Of these groups, those with a handover under way whose next step is this person's."""
    rows = Handover.objects.filter(group_id__in=group_ids, finished_at__isnull=True, stopped_at__isnull=True)
    waiting = list(rows.values_list("group_id", flat=True))
    # Handovers are rare: a person has one under way at most, if any.
    return [each for each in waiting if (found := handover(each, person_id=person_id)) and found.your_turn]


def thought_gone(person_id: str) -> list[str]:
    """The groups in which somebody is taking this person's place because they do not answer."""
    rows = Handover.objects.filter(
        leaver_id=person_id, gone=True, finished_at__isnull=True, stopped_at__isnull=True
    )
    return list(rows.values_list("group_id", flat=True))


def inventory(group_id: str) -> Inventory:
    """What a group consists of."""
    return Inventory(
        members=roster.active_count(group_id),
        team=len(accounts.people_with_role(group_id)),
        holders=sum(holder.whole for holder in groupkeys.holders(group_id)),
        series=len(meetings.series_of(group_id)),
    )
