"""Somebody else uses a leader's account: everything they may have is made worthless in one act (TEC13)."""

from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.leaders import events
from circlekeeper.areas.leaders.actions import keys
from circlekeeper.areas.leaders.models import Taking
from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.vault import groupkeys, userkeys
from circlekeeper.foundation.vault.ring import KeyRing

INCIDENT = "leaders.account.taken"


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be finished: the person's new keys, and the groups whose records are still to be brought along."""

    ring: KeyRing
    changing: tuple[str, ...]


@action("leaders.account.take-back")
def take_back(*, by: str, opened: userkeys.UserSecret, secret: hasher.Split, now: datetime) -> Taken:
    """New passphrase, new keys, no session; new keys for every group they hold whole, and every meeting link ended.

    ``opened``: the person's secret as it was. ``secret`` was derived before. Of groups of which they held a part, they wait
    for keys. The other leaders see it on Today; each group has a line in the log.
    """
    old = KeyRing(opened)
    ledger.record(by=by, about=opened.person_id, at=now)
    held = {place: old.version(place) for place in accounts.places_of(by) if _holds(old, place)}
    whole = tuple(place for place in held if all(old.can(place, scope) for scope in groupkeys.Scope))
    fresh = accounts_do.renew_person(by=by, person_id=by, secret=secret, now=now)
    for place in accounts.places_of(by):
        ledger.record(by=by, about=place, at=now, verb=INCIDENT)
        Taking.objects.create(group_id=place, person_id=by, at=now)
        if place in whole:
            keys.replace(by=by, ring=old, group_id=place, now=now)
        elif place in held:
            groupkeys.revoke(by=by, group_id=place, person_id=by, now=now)
            accounts_do.mark_waiting(by=by, person_id=by, place=place, now=now)
        meetings_do.revoke_all_links(by=by, group_id=place, now=now)
        announce.announce(events.AccountTaken(by, place, now), now=now)
    return Taken(KeyRing(fresh), whole)


def _holds(ring: KeyRing, group_id: str) -> bool:
    return any(ring.can(group_id, scope) for scope in groupkeys.Scope)
