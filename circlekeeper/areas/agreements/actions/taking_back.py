"""Taking a promise back, and keeping it readable for a member who has a new key."""

from collections.abc import Mapping
from datetime import datetime

from circlekeeper.areas.agreements.events import PledgeWithdrawn
from circlekeeper.areas.agreements.models import Pledge
from circlekeeper.areas.agreements.queries.copies import place
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

# What a promise is called where purposes are named; no purpose of the texts has this name.
PROMISE = "promise"


@action("agreements.pledge.withdraw")
def withdraw_promise(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """Take a member's promise back: as easy as making it, and nobody has to agree (CON2).

    The row stays, with the day: what was promised until then was promised. A note beside the shred store keeps it taken
    back after a restore.

    :raises NotHere: no promise of theirs stands.
    """
    standing = Pledge.objects.filter(group_id=group_id, member_id=member_id, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_at=now):
        raise NotHere
    shredstore.remember("consent", f"{member_id}:{PROMISE}", now=now)
    announce.announce(PledgeWithdrawn(group_id, member_id), now=now)
    ledger.record(by=by, about=member_id, at=now)


def wraps_for_new_key(*, ring: KeyRing, group_id: str, member_id: str, holder: bytes) -> dict[str, bytes]:
    """By pledge, what lets a member read the name under it with a new key of theirs. Call it before the action.

    :raises NoGrant: the ring does not hold the roster's key.
    """
    rows = list(Pledge.objects.filter(group_id=group_id, member_id=member_id).exclude(secret_id=""))
    secrets = shredstore.secrets({row.secret_id for row in rows})
    return {
        row.pk: records.add_holder(
            bytes(row.wrap),
            key=ring.scope_key(group_id, Scope.ROSTER),
            secret=secrets[row.secret_id],
            place=place(row.pk, group_id),
            holder=holder,
        )
        for row in rows
        if row.secret_id in secrets
    }


@action("agreements.pledge.rewrap")
def put_wraps(*, by: str, group_id: str, member_id: str, wraps: Mapping[str, bytes], now: datetime) -> None:
    """Save what ``wraps_for_new_key`` made."""
    for pk, wrap in wraps.items():
        Pledge.objects.filter(pk=pk, group_id=group_id, member_id=member_id).update(holder_wrap=wrap)
    ledger.record(by=by, about=member_id, at=now)
