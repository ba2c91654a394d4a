"""A new member key for someone who lost theirs, or who was brought along in a list and gets their first."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Compartment, Member, State
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import memberdoor
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.vault import memberkeys, records, shredstore
from circlekeeper.foundation.vault.memberkeys import MemberKey
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant

_MAY_HAVE_ONE = (State.INVITED, State.APPLIED, State.MEMBER, State.PAUSED)


def give_new_key(*, by: str, ring: KeyRing, group_id: str, member_id: str, now: datetime) -> MemberKey:
    """Make a new key for a member and end the old one; hand it over yourself, to someone you know to be them.

    :raises Refused: the ring does not open every part of the record, so the new key could not either.
    :raises NotHere: no such member.
    """
    key = memberkeys.new_member_key()
    wraps = _wraps(ring, group_id, member_id, key.raw)
    names = agreements.wraps_for_new_key(ring=ring, group_id=group_id, member_id=member_id, holder=key.raw)
    _put_key(by=by, group_id=group_id, member_id=member_id, key=key.raw, wraps=wraps, names=names, now=now)
    memberdoor.end_all(member_id, group_id)
    return key


def _wraps(ring: KeyRing, group_id: str, member_id: str, holder: bytes) -> dict[str, bytes]:
    found = list(Compartment.objects.filter(member_id=member_id, group_id=group_id))
    secrets = shredstore.secrets({row.secret_id for row in found})
    try:
        return {
            row.pk: records.add_holder(
                bytes(row.wrap),
                key=ring.scope_key(group_id, sealing.SCOPES[row.name]),
                secret=secrets[row.secret_id],
                place=sealing.place(member_id, row.name, group_id),
                holder=holder,
            )
            for row in found
            if row.secret_id in secrets
        }
    except NoGrant:
        raise Refused(_("Someone who holds all keys of this group has to do this.")) from None


@action("roster.key.renew")
def _put_key(
    *,
    by: str,
    group_id: str,
    member_id: str,
    key: bytes,
    wraps: Mapping[str, bytes],
    names: Mapping[str, bytes],
    now: datetime,
) -> None:
    rows.member(group_id, member_id, states=_MAY_HAVE_ONE)
    Member.objects.filter(pk=member_id).update(
        key_lookup=memberkeys.lookup(key), letterbox=sealing.letterbox_of(key)
    )
    for pk, wrap in wraps.items():
        Compartment.objects.filter(pk=pk).update(holder_wrap=wrap)
    if names:
        agreements.put_wraps(by=by, group_id=group_id, member_id=member_id, wraps=names, now=now)
    ledger.record(by=by, about=member_id, at=now)
