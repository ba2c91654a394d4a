"""Moving to another group: a parcel packed in the old one and opened in the new one, with a code that works once (POL5).

No line of the log names a parcel, and none about the one group names the other (REG1).
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.roster import queries
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Parcel
from circlekeeper.areas.roster.queries import parcels
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import envelope, memberkeys, shredstore
from circlekeeper.foundation.vault.memberkeys import MemberKey

LASTS = timedelta(days=7)


def pack(*, by: str, group_id: str, names: frozenset[str], holder: bytes, now: datetime) -> MemberKey:
    """Copy these parts of a member's own record (``by``) into a parcel; returns the code, which is kept nowhere.

    :raises NotHere: none of these parts is there.
    """
    own = queries.own_record(member_id=by, group_id=group_id, holder=holder)
    parts = {name: held for name, held in own.parts.items() if name in names and name in parcels.MAY_TRAVEL}
    if not parts:
        raise NotHere
    code = memberkeys.new_member_key()
    secret = shredstore.new_secret(record=parcels.RECORD, group_id="", now=now)
    parcel_id = new_id()
    sealed = envelope.seal(
        parcels.key(secret.value, code.raw), json.dumps(parts).encode(), parcels.place(parcel_id)
    )
    row = Parcel(
        pk=parcel_id,
        lookup=parcels.lookup(code.raw),
        secret_id=secret.id,
        sealed=sealed,
        due_on=(now + LASTS).date(),
    )
    _keep(by=by, group_id=group_id, row=row, now=now)
    return code


@action("roster.parcel.pack")
def _keep(*, by: str, group_id: str, row: Parcel, now: datetime) -> None:
    rows.member(group_id, by)
    row.save(force_insert=True)
    ledger.record(by=by, about=by, at=now)


def open_once(*, by: str, group_id: str, code: bytes, now: datetime) -> Mapping[str, dict[str, Any]]:
    """Take what a parcel holds; it is destroyed with that. ``by`` is a member of the new group.

    :raises NotHere: no parcel has this code any more, or somebody was quicker.
    """
    parts, secret_id = parcels.inside(code, now=now)
    _take(by=by, group_id=group_id, lookup=parcels.lookup(code), now=now)
    shredstore.shred([secret_id], now=now)
    return parts


@action("roster.parcel.open")
def _take(*, by: str, group_id: str, lookup: bytes, now: datetime) -> None:
    rows.member(group_id, by)
    # Deleting is the lock: of two who come with one code, one finds it gone.
    if not Parcel.objects.filter(lookup=lookup).delete()[0]:
        raise NotHere
    # A line of its own kind would pair, by its moment, with the one that was written when somebody packed.
    ledger.record(by=by, about=by, at=now, verb="roster.own.edit")
