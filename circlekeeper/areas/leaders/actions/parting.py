"""Somebody leaves the team, or is made to: their keys first, then their roles, then wherever they are signed in."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.leaders.errors import LastKeys, LastLeader, NotOneself
from circlekeeper.areas.leaders.models import Removal, RemovalReason
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import groupkeys


@action("leaders.person.part")
def part(*, by: str, group_id: str, person_id: str, now: datetime) -> None:
    """End every role and key of a person in a group, and their sessions. The group's keys are to be changed next.

    :raises LastLeader: the group would have no leader. :raises LastKeys: nobody else holds the whole key.
    :raises NotHere: the person holds no role here.
    """
    ledger.record(by=by, about=person_id, at=now)
    roles = [role for role in accounts.roles_in(group_id) if role.person_id == person_id]
    if not roles:
        raise NotHere
    if any(accounts.is_last(role) for role in roles):
        raise LastLeader
    if any(holder.person_id == person_id for holder in groupkeys.holders(group_id)):
        try:
            groupkeys.revoke(by=by, group_id=group_id, person_id=person_id, now=now)
        except groupkeys.LastHolder:
            raise LastKeys from None
    for role in roles:
        accounts_do.revoke_role(by=by, person_id=person_id, place=group_id, role=role.role, now=now)
    accounts_do.end_sessions(by=by, person_id=person_id, now=now)


@action("leaders.person.remove")
def remove(*, by: str, group_id: str, person_id: str, reason: str, now: datetime) -> None:
    """End somebody's powers without them, at once and before any keys are changed.

    :raises NotOneself: see there. :raises Refused: no reason of the list. Otherwise raises as ``part`` does.
    """
    if by == person_id:
        raise NotOneself
    if reason not in RemovalReason.values:
        raise Refused(_("Choose why."), field="reason")
    ledger.record(by=by, about=person_id, at=now)
    part(by=by, group_id=group_id, person_id=person_id, now=now)
    Removal.objects.create(group_id=group_id, person_id=person_id, by=by, reason=reason, at=now)
