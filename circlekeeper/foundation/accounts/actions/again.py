"""After a restore: roles, accounts and passphrases that had ended when the backup was younger end again.

Each ``..._again`` is a step for ``foundation.backup.reconciling``. Without them an old backup would bring back who left.
"""

from collections.abc import Sequence
from datetime import datetime

from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries
from circlekeeper.foundation.accounts.actions import people, roles
from circlekeeper.foundation.accounts.models import Person, Role
from circlekeeper.foundation.action import action
from circlekeeper.foundation.backup.reconciling import Done
from circlekeeper.foundation.vault import userkeys
from circlekeeper.foundation.vault.shredstore import Stone

_UNUSABLE = "!"


def roles_again(stones: Sequence[Stone], by: str, now: datetime) -> Done:
    """Revoke again every role that was revoked (tombstones ``role``), also a place's last; ``left`` names such places."""
    refs = {stone.ref for stone in stones}
    back = list(
        Role.objects.filter(pk__in=refs, revoked_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    )
    left = []
    for role_id in back:
        role = queries.role(role_id)
        if queries.is_last(role):
            left.append(role.place)
        roles.revoke_role(by=by, person_id=role.person_id, place=role.place, role=role.role, now=now)
    return Done(len(back), tuple(sorted(set(left))))


def closings_again(stones: Sequence[Stone], by: str, now: datetime) -> Done:
    """Close again every account that was closed (tombstones ``account``)."""
    refs = {stone.ref for stone in stones}
    back = sorted(Person.objects.filter(pk__in=refs, is_active=True).values_list("pk", flat=True))
    for person_id in back:
        people.suspend(by=by, person_id=person_id, now=now)
    return Done(len(back))


def passphrases_again(stones: Sequence[Stone], by: str, now: datetime) -> Done:
    """Make useless again every passphrase that somebody else knew (tombstones ``passphrase``).

    Whoever it belongs to comes in with their kit, or a co-leader lets them in; keys made since then are left alone.
    """
    since: dict[str, datetime] = {}
    for stone in stones:
        since[stone.ref] = max(stone.at, since.get(stone.ref, stone.at))
    made = userkeys.made_at(list(since))
    back = sorted(person_id for person_id, at in made.items() if at < since[person_id])
    known = set(Person.objects.filter(pk__in=back).exclude(password=_UNUSABLE).values_list("pk", flat=True))
    for person_id in back:
        if person_id in known:
            _void(by=by, person_id=person_id, now=now)
    return Done(len(known))


@action("accounts.passphrase.void")
def _void(*, by: str, person_id: str, now: datetime) -> None:
    ledger.record(by=by, about=person_id, at=now)
    Person.objects.filter(pk=person_id).update(password=_UNUSABLE)
    people.close_everywhere(person_id)
