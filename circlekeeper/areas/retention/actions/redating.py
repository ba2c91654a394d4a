"""Giving records new dates when a period or a level changed (DAT5)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.retention import queries, rules
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.foundation import ledger, memo
from circlekeeper.foundation.action import action


@dataclass(frozen=True, slots=True)
class Change:
    """What another period would do to one class of record.

    ``dated``: rows that have a day then. ``more_due``: how many more would go with the next run.
    """

    record: str
    dated: int
    more_due: int


@action("retention.group.redate")
def redate(*, by: str, group_id: str, now: datetime) -> int:
    """Date everything of a group again by the periods in force; returns how many members' records were looked at.

    Rooms know when their clocks started; this one only asks them to look again.
    """
    count = roster_do.set_due(by=by, group_id=group_id, now=now)
    for member in roster.members(group_id):
        if member.due_on is not None:
            agreements.set_due(by=by, group_id=group_id, member_id=member.id, due_on=member.due_on, now=now)
    ledger.record(by=by, about=group_id, at=now)
    return count


def preview_period(
    *, by: str, group_id: str, record: str, keep: str, answered_by: str, now: datetime
) -> list[Change]:
    """What choosing this period would do, by class: done in a transaction that is taken back, so it cannot be wrong.

    :raises NotHere, Refused: as ``safeguards.actions.set_period``.
    """
    day = now.astimezone(groups.group(group_id).zone).date()
    with transaction.atomic():
        before = queries.dates(group_id)
        safeguards.set_period(by=by, group_id=group_id, record=record, keep=keep, answered_by=answered_by, now=now)
        redate(by=by, group_id=group_id, now=now)
        after = queries.dates(group_id)
        transaction.set_rollback(True)
    # What was read in there is remembered for the page, and is not so.
    memo.forget()
    found = []
    for each in sorted({name for name, _on, _count in after}):
        old = [(on, count) for name, on, count in before if name == each]
        new = [(on, count) for name, on, count in after if name == each]
        if old != new:
            dated = sum(count for on, count in new if on is not None)
            found.append(Change(each, dated, rules.sooner(old, new, day=day)))
    return found
