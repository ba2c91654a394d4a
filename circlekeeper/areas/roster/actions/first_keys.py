"""First keys for people who were brought along in a list: many at once, to be printed and handed over."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import Compartment, Member, State
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import memberdoor
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.vault import memberkeys, records, shredstore
from circlekeeper.foundation.vault.memberkeys import MemberKey
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant

# As many as a person can print, cut and check against a list without losing their place.
AT_ONCE = 60


def give_first_keys(
    *, by: str, ring: KeyRing, group_id: str, again: Collection[str] = (), now: datetime
) -> dict[str, MemberKey]:
    """Make keys for the next people of a list who have none; returns member id to key, to be shown once.

    ``again``: ids of people whose sheet was lost before anybody got it. Their old keys stop; whoever has come in and said
    yes meanwhile keeps theirs.

    :raises Refused: the ring does not open every part of the records; somebody else was quicker.
    """
    waiting = Member.objects.filter(group_id=group_id, state=State.INVITED)
    asked = waiting.filter(pk__in=list(again)) if again else waiting.filter(key_lookup=None)
    ids = list(asked.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        return {}
    made = {member_id: memberkeys.new_member_key() for member_id in ids}
    wraps = _wraps(ring, group_id, made)
    given = _put(
        by=by,
        group_id=group_id,
        keys={pk: key.raw for pk, key in made.items()},
        wraps=wraps,
        anew=bool(again),
        now=now,
    )
    for member_id in given if again else ():
        memberdoor.end_all(member_id, group_id)
    return {member_id: made[member_id] for member_id in given}


def _wraps(ring: KeyRing, group_id: str, made: Mapping[str, MemberKey]) -> dict[str, list[tuple[str, bytes]]]:
    """The record of each person, closed for their new key too: compartment and its new wrap, by member."""
    found = list(Compartment.objects.filter(group_id=group_id, member_id__in=made))
    secrets = shredstore.secrets({row.secret_id for row in found})
    wraps: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
    try:
        keys = {name: ring.scope_key(group_id, sealing.SCOPES[name]) for name in {row.name for row in found}}
    except NoGrant:
        raise Refused(_("Someone who holds all keys of this group has to do this.")) from None
    for row in found:
        if row.secret_id in secrets:
            wrap = records.add_holder(
                bytes(row.wrap),
                key=keys[row.name],
                secret=secrets[row.secret_id],
                place=sealing.place(row.member_id, row.name, group_id),
                holder=made[row.member_id].raw,
            )
            wraps[row.member_id].append((row.pk, wrap))
    return wraps


@action("roster.key.first")
def _put(
    *,
    by: str,
    group_id: str,
    keys: Mapping[str, bytes],
    wraps: Mapping[str, list[tuple[str, bytes]]],
    anew: bool,
    now: datetime,
) -> list[str]:
    """Only to those who still wait for one: of two presses of the button, the second gives nobody another key."""
    waiting = Member.objects.select_for_update().filter(group_id=group_id, state=State.INVITED, pk__in=list(keys))
    members = list(waiting if anew else waiting.filter(key_lookup=None))
    if not members:
        raise Refused(_("Somebody else made this sheet just now."))
    for each in members:
        each.key_lookup, each.letterbox = memberkeys.lookup(keys[each.pk]), sealing.letterbox_of(keys[each.pk])
    Member.objects.bulk_update(members, ["key_lookup", "letterbox"])
    parts = [Compartment(pk=pk, holder_wrap=wrap) for each in members for pk, wrap in wraps.get(each.pk, [])]
    Compartment.objects.bulk_update(parts, ["holder_wrap"])
    ledger.record_many([ledger.Line(by, each.pk, now, "roster.key.first") for each in members])
    return [each.pk for each in members]
