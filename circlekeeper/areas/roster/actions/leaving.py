"""Pausing and leaving."""

from datetime import datetime

from circlekeeper.areas.roster import events, reaching, rules, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import State
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.action import action


@action("roster.member.pause")
def pause(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """Stay away for a while: no links, no reminders, the record stays."""
    _turn(by, group_id, member_id, State.MEMBER, State.PAUSED, now)


@action("roster.member.resume")
def resume(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """Come back after a pause."""
    _turn(by, group_id, member_id, State.PAUSED, State.MEMBER, now)


def _turn(by: str, group_id: str, member_id: str, before: str, after: str, now: datetime) -> None:
    found = rows.member(group_id, member_id, states=(before,))
    found.state = after
    found.save(update_fields=["state"])
    ledger.record(by=by, about=member_id, at=now)


@action("roster.member.leave")
def leave(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """End a membership, by the member or a leader; the record runs out on its dates (RET1).

    :raises NotHere: nobody of this id belongs here any more.
    """
    states = (State.APPLIED, State.INVITED, State.MEMBER, State.PAUSED)
    found = rows.member(group_id, member_id, states=states)
    found.state, found.left_on = State.LEFT, rows.local_day(group_id, now)
    start = rules.due_start(left_on=found.left_on, last_attended_on=found.last_attended_on) or found.left_on
    found.due_on = safeguards.due_on(group_id=group_id, record=sealing.ROSTER, start=start)
    found.save(update_fields=["state", "left_on", "due_on"])
    rows.date_compartments(member_id, group_id, start)
    reaching.end(member_id)
    announce.announce(events.MemberLeft(group_id, member_id, found.due_on), now=now)
    ledger.record(by=by, about=member_id, at=now)
