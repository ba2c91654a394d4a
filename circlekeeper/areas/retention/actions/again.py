"""After a restore: what was destroyed or taken back since the backup goes again.

Each function is a step for ``foundation.backup.reconciling``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.agreements import queries as agreed
from circlekeeper.areas.retention import queries, rules
from circlekeeper.areas.retention.actions import running
from circlekeeper.foundation.backup.reconciling import Done
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault.shredstore import Stone

MEMBER = "member"


def members_again(stones: Sequence[Stone], by: str, now: datetime) -> Done:
    """Destroy again everything about people who were forgotten at their own wish (tombstones ``member``)."""
    return _destroy(queries.of_owners(MEMBER, _refs(stones)), by, now)


def secrets_again(stones: Sequence[Stone], by: str, now: datetime) -> Done:
    """Destroy again the rows whose secrets are gone (tombstones ``shred``). Nothing opens them; now they go too."""
    return _destroy(queries.of_secrets(_refs(stones)), by, now)


def consents_again(stones: Sequence[Stone], by: str, now: datetime) -> Done:
    """Take back again the consents and promises that were taken back, unless given anew later (tombstones ``consent``)."""
    done = 0
    for stone in stones:
        member_id, _colon, purpose = stone.ref.partition(":")
        for member in queries.of_owners(MEMBER, [member_id])[:1]:
            done += _withdraw(member.group_id, member_id, purpose, stone.at, by, now)
    return Done(done)


def _withdraw(group_id: str, member_id: str, purpose: str, at: datetime, by: str, now: datetime) -> int:
    if purpose == agreements.PROMISE:
        return _withdraw_promise(group_id, member_id, at, by, now)
    standing = {each.purpose: each for each in agreed.consents_of(group_id=group_id, member_id=member_id, now=now)}
    given = standing.get(purpose)
    if given is None or given.at is None or given.at > at:
        return 0
    try:
        agreements.withdraw_consent(by=by, group_id=group_id, member_id=member_id, purpose=purpose, now=now)
    except NotHere:  # it is taken back already
        return 0
    return 1


def _withdraw_promise(group_id: str, member_id: str, at: datetime, by: str, now: datetime) -> int:
    made = agreed.pledge_of(group_id=group_id, member_id=member_id)
    if made is None or made.withdrawn_at is not None or made.signed_at > at:
        return 0
    agreements.withdraw_promise(by=by, group_id=group_id, member_id=member_id, now=now)
    return 1


def _destroy(items: list[rules.Item], by: str, now: datetime) -> Done:
    if not items:
        return Done(0)
    plan, _run = running.destroy(by=by, as_of=now, plan=rules.plan(items, queries.live_holds(now)), now=now)
    return Done(plan.going, tuple(sorted({each.row_id for each in plan.stay})))


def _refs(stones: Iterable[Stone]) -> list[str]:
    return sorted({stone.ref for stone in stones})
