"""Attendance and the end of records."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from circlekeeper.areas.roster import rules, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Compartment, Member, State
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.vault import shredstore


@action("roster.attendance.mark")
def mark_attended(*, by: str, group_id: str, member_ids: Iterable[str], on: date, now: datetime) -> None:
    """Note the last day these members came. The log names the group only: it must not become a list of who came when."""
    ids = list(member_ids)
    earlier = Q(last_attended_on__isnull=True) | Q(last_attended_on__lt=on)
    Member.objects.filter(earlier, pk__in=ids, group_id=group_id).update(last_attended_on=on)
    _date_gone(group_id, Member.objects.filter(pk__in=ids, group_id=group_id, state=State.LEFT))
    ledger.record(by=by, about=group_id, at=now)


@action("roster.due.set")
def set_due(*, by: str, group_id: str, now: datetime) -> int:
    """Date every record again that waits for its end: a period or the level changed (DAT5). Returns how many."""
    gone = Member.objects.filter(group_id=group_id, state__in=(State.LEFT, State.DECLINED))
    count = _date_gone(group_id, gone)
    waiting = Member.objects.filter(group_id=group_id, state__in=(State.APPLIED, State.INVITED))
    for found in waiting:
        found.due_on = safeguards.due_on(group_id=group_id, record=sealing.ROSTER, start=found.applied_on)
        found.save(update_fields=["due_on"])
        Compartment.objects.filter(member=found, name__in=list(sealing.OWN_SECRET)).update(due_on=found.due_on)
    ledger.record(by=by, about=group_id, at=now)
    return count + len(waiting)


def _date_gone(group_id: str, gone: Iterable[Member]) -> int:
    count = 0
    waiting = list(gone)
    asked_to_go = {stone.ref for stone in shredstore.tombstones("member")} if waiting else set()
    for found in waiting:
        if found.pk in asked_to_go:
            continue
        start = rules.due_start(left_on=found.left_on, last_attended_on=found.last_attended_on)
        if start is None:
            continue
        record = "intake" if found.state == State.DECLINED else sealing.ROSTER
        found.due_on = safeguards.due_on(group_id=group_id, record=record, start=start)
        found.save(update_fields=["due_on"])
        rows.date_compartments(found.pk, group_id, start)
        count += 1
    return count
