"""Reading and agreeing for oneself: someone brought along in a list for the first time, a member whose texts changed."""

from collections.abc import Mapping
from datetime import datetime

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.roster.actions import enrolling, rows
from circlekeeper.areas.roster.models import State
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action


@action("roster.own.agree")
def agree(
    *,
    by: str,
    group_id: str,
    policy_version: int | None,
    consents: Mapping[str, str],
    signature: agreements.Signature,
    now: datetime,
    locale: str = "en",
) -> None:
    """Record what a member (``by``) read and agreed to; an invited one becomes a member with it.

    :raises NotHere: they do not belong here. :raises Refused: see ``agreements.record_joining``.
    """
    found = rows.member(group_id, by, states=(State.INVITED, State.MEMBER, State.PAUSED))
    if found.state == State.INVITED:
        enrolling.confirm_invited(by=by, group_id=group_id, now=now)
    agreements.record_joining(
        by=by,
        group_id=group_id,
        member_id=by,
        policy_version=policy_version,
        answers=consents,
        signature=signature,
        now=now,
        locale=locale,
    )
    ledger.record(by=by, about=by, at=now)
