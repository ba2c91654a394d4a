"""Replacing a group's keys and bringing every record to the new ones."""

from datetime import datetime

from django.db.models import F

from circlekeeper.areas.leaders import events
from circlekeeper.areas.leaders.errors import NotAllKeys
from circlekeeper.areas.leaders.models import KeyChange
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.vault import groupkeys, rewrapping
from circlekeeper.foundation.vault.rewrapping import Mark
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant


@action("leaders.keys.change")
def begin_key_change(*, by: str, ring: KeyRing, group_id: str, now: datetime) -> None:
    """Replace the keys of a group; ``continue_key_change`` does the rest. A change that was cut off is left to go on.

    The ring that was given holds the keys before; go on with a fresh one.

    :raises NotAllKeys: the ring does not hold the whole key. :raises groupkeys.KeysMoved: someone was faster.
    """
    ledger.record(by=by, about=group_id, at=now)
    waiting = KeyChange.objects.filter(group_id=group_id, finished_at__isnull=True)
    if not waiting.exists() or groupkeys.rotation_due(group_id):
        replace(by=by, ring=ring, group_id=group_id, now=now)


def replace(*, by: str, ring: KeyRing, group_id: str, now: datetime) -> None:
    """Replace the keys, whatever walk is under way: what is left of it is part of the new one. Call it inside an action.

    :raises NotAllKeys: the ring does not hold the whole key. :raises groupkeys.KeysMoved: someone was faster.
    """
    try:
        version = groupkeys.rotate(ring=ring, group_id=group_id, now=now)
    except NoGrant:
        raise NotAllKeys from None
    KeyChange.objects.filter(group_id=group_id, finished_at__isnull=True).update(finished_at=now)
    KeyChange.objects.create(
        group_id=group_id, version=version, by=by, began_at=now, total=rewrapping.total(group_id)
    )


@action("leaders.keys.rewrap")
def continue_key_change(*, by: str, ring: KeyRing, group_id: str, now: datetime, limit: int) -> KeyChange | None:
    """Bring the next records to the new keys; returns the change while some are left, None when all are done.

    :raises NotAllKeys: see there.
    """
    ledger.record(by=by, about=group_id, at=now)
    found = KeyChange.objects.select_for_update().filter(group_id=group_id, finished_at__isnull=True).first()
    if found is None:
        return None
    try:
        ring.group_secret(group_id)
    except NoGrant:
        raise NotAllKeys from None
    if ring.version(group_id) != groupkeys.current_version(group_id):
        raise groupkeys.KeysMoved
    step = rewrapping.step(ring=ring, group_id=group_id, mark=Mark(found.column, found.after), limit=limit)
    KeyChange.objects.filter(pk=found.pk).update(
        column=step.mark.column,
        after=step.mark.after,
        seen=F("seen") + step.seen,
        stuck=F("stuck") + step.stuck,
        finished_at=now if step.done else None,
    )
    if step.done:
        announce.announce(events.KeysChanged(group_id, found.version, now), now=now)
        return None
    found.refresh_from_db()
    return found
