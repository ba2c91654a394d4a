"""Fetching rows for writing; locked until the action ends."""

from collections.abc import Iterable
from datetime import date, datetime

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster.models import Compartment, Member
from circlekeeper.areas.roster.sealing import OWN_SECRET
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.errors import NotHere


def member(group_id: str, member_id: str, *, states: Iterable[str] = ()) -> Member:
    """One member of this group, in one of these states if any are given.

    :raises NotHere: there is none.
    """
    rows = Member.objects.select_for_update().filter(pk=member_id, group_id=group_id)
    if states:
        rows = rows.filter(state__in=list(states))
    found = rows.first()
    if found is None:
        raise NotHere
    return found


def local_day(group_id: str, now: datetime) -> date:
    """The day it is where the group lives."""
    return now.astimezone(groups.group(group_id).zone).date()


def date_compartments(member_id: str, group_id: str, start: date | None) -> None:
    """Give the compartments that die by themselves their dates; None takes the dates away."""
    for name, record in OWN_SECRET.items():
        due = safeguards.due_on(group_id=group_id, record=record, start=start) if start else None
        Compartment.objects.filter(member_id=member_id, name=name).update(due_on=due)
