"""Passing on the keys of a place, and the recovery kit."""

from datetime import datetime

from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries
from circlekeeper.foundation.accounts.actions import roles
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@action("accounts.keys.grant")
def grant_keys(
    *, by: str, ring: KeyRing, person_id: str, place: str, scopes: frozenset[Scope], now: datetime
) -> None:
    """Seal the keys of a place to someone who holds a role there. Compare ``queries.four_words`` by voice first.

    :raises NotHere: ``ring`` is not that of ``by``, or the person holds no role in this place or has no second factor.
    :raises circlekeeper.foundation.vault.ring.NoGrant: ``by`` does not hold what they give.
    """
    if ring.person_id != by or not queries.roles_of(person_id).get(place) or not queries.has_factor(person_id):
        raise NotHere
    ledger.record(by=by, about=person_id, at=now)
    groupkeys.grant(ring=ring, group_id=place, to=person_id, scopes=scopes, now=now)
    roles.mark_keyed(by=by, person_id=person_id, place=place, now=now)
