"""Pausing, leaving, and being forgotten at once."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.roster import events, reaching, rules, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Compartment, Member, State
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.accounts import memberdoor
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ledger import forgetting
from circlekeeper.foundation.vault import shredstore


class OnHold(Refused):
    """The record may not be destroyed yet; someone with the right to ask has asked."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your record has to be kept a little longer, because of a hold that is written down. "
                "You have left: nobody uses it, and it is destroyed when the hold ends."
            )
        )


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


def forget_now(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """Destroy a member's record at once, because they asked.

    The order makes a crash harmless: it is logged and the record dated to today, so that the daily run would finish;
    then the secrets go and nothing can be read any more, here or in a backup; then the rows.

    :raises NotHere: there is no such record. :raises OnHold: a hold keeps it; the member has left all the same.
    """
    secrets = _begin_forgetting(by=by, group_id=group_id, member_id=member_id, now=now)
    memberdoor.end_all(member_id, group_id)
    if shredstore.held(secrets, on=now.date()) or shredstore.shred(secrets, now=now) < len(secrets):
        raise OnHold
    shredstore.remember("member", member_id, now=now)
    _finish_forgetting(by=by, group_id=group_id, member_id=member_id, now=now)


@action("roster.member.forget")
def _begin_forgetting(*, by: str, group_id: str, member_id: str, now: datetime) -> Sequence[str]:
    found = rows.member(group_id, member_id)
    found.state = State.LEFT
    found.left_on = found.left_on or rows.local_day(group_id, now)
    found.due_on = now.date()
    found.key_lookup = None
    found.save(update_fields=["state", "left_on", "due_on", "key_lookup"])
    parts = Compartment.objects.filter(member=found)
    reaching.end(member_id)
    secrets = {found.secret_id, *parts.values_list("secret_id", flat=True)}
    parts.filter(name__in=list(sealing.OWN_SECRET)).update(due_on=found.due_on)
    ledger.record(by=by, about=member_id, at=now)
    return sorted(secrets)


@action("roster.member.forgotten")
def _finish_forgetting(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    forgetting.forget_details(about=member_id)
    if not Member.objects.filter(pk=member_id, group_id=group_id).delete()[0]:
        raise NotHere
    announce.announce(events.MemberForgotten(group_id, member_id, now), now=now)
    ledger.record(by=by, about=member_id, at=now)
