"""Who may do what, where. The caller decides whether it is allowed; here it is written down."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.accounts import events, queries, rules
from circlekeeper.foundation.accounts.models import Invitation, Person, Role
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import MACHINE, Permission, RoleName, grants
from circlekeeper.foundation.vault import shredstore

CAPPED = (RoleName.LEADER, RoleName.PRIVACY_LEAD)


class TooMany(Refused):
    """The place already has as many leaders and privacy leads as its level allows (TEC12)."""

    def __init__(self, cap: int) -> None:
        super().__init__(
            _("This group may have %d leaders and privacy leads, and has them. End one role first.") % cap,
            field="role",
        )


class StillNeeded(Refused):
    """A place's last leader, or the machine's last administrator, does not go by itself."""

    def __init__(self) -> None:
        super().__init__(_("This is the last one in this role. Give it to someone else first."))


@action("accounts.role.grant")
def grant_role(
    *,
    by: str,
    person_id: str,
    place: str,
    role: RoleName,
    now: datetime,
    cap: int | None = None,
    keyed: bool | None = None,
) -> str:
    """Give a person a role in a place (a group's id or ``machine``); returns the role's id.

    Granting a role that is held already changes nothing but the log. ``cap``: how many people may be leader or privacy lead
    here, counting open invitations. ``keyed``: the person holds the keys of the place already (by default: when they grant
    it to themselves, as the maker of a group does); otherwise the role waits for ``grant_keys``.

    :raises TooMany: the cap is reached.
    :raises NotHere: there is no such person.
    """
    ledger.record(by=by, about=person_id, at=now)
    if not Person.objects.filter(pk=person_id, is_active=True).exists():
        raise NotHere
    held = Role.objects.filter(person_id=person_id, place=place, role=role, revoked_at__isnull=True).first()
    if held is not None:
        return held.pk
    check_cap(place=place, role=role, newcomer=person_id, cap=cap, now=now)
    has_keys = (by == person_id) if keyed is None else keyed
    made = Role.objects.create(
        person_id=person_id,
        place=place,
        role=role,
        granted_by=by,
        granted_at=now,
        confirmed_at=now,
        keyed_at=now if has_keys or _already_keyed(person_id, place) else None,
    )
    announce.announce(events.RoleGranted(person_id, place, str(role), now), now=now)
    return made.pk


@action("accounts.role.revoke")
def revoke_role(*, by: str, person_id: str, place: str, role: RoleName, now: datetime) -> None:
    """End a role at once, and the invitations of someone who may invite nobody any more.

    Ending their keys of the place follows from ``events.RoleRevoked``.

    :raises NotHere: the person does not hold it.
    """
    live = Role.objects.filter(person_id=person_id, place=place, role=role, revoked_at__isnull=True)
    gone = list(live.values_list("pk", flat=True))
    if not live.update(revoked_at=now):
        raise NotHere
    ledger.record(by=by, about=person_id, at=now)
    _stays_gone(gone, now)
    _end_invitations(person_id, place, now)
    announce.announce(events.RoleRevoked(person_id, place, str(role), now), now=now)


@action("accounts.role.confirm")
def confirm_role(*, by: str, role_id: str, now: datetime) -> None:
    """Say that a role is still needed (TEC12: asked every three months).

    :raises NotHere: no such live role.
    """
    if not Role.objects.filter(pk=role_id, revoked_at__isnull=True).update(confirmed_at=now):
        raise NotHere
    ledger.record(by=by, about=role_id, at=now)


@action("accounts.role.lapse")
def lapse_role(*, by: str, role_id: str, now: datetime) -> None:
    """End a role nobody confirmed in time.

    :raises NotHere: it is not overdue, or over already.
    :raises StillNeeded: see there.
    """
    overdue = queries.role(role_id)
    if not rules.lapsed(confirmed_at=overdue.confirmed_at, now=now):
        raise NotHere
    if queries.is_last(overdue):
        raise StillNeeded
    ledger.record(by=by, about=role_id, at=now)
    Role.objects.filter(pk=role_id).update(revoked_at=now)
    _stays_gone([role_id], now)
    _end_invitations(overdue.person_id, overdue.place, now)
    announce.announce(events.RoleRevoked(overdue.person_id, overdue.place, str(overdue.role), now), now=now)


@action("accounts.role.keyed")
def mark_keyed(*, by: str, person_id: str, place: str, now: datetime) -> None:
    """Write down that a person now holds the keys of a place; ``grant_keys`` calls it."""
    Role.objects.filter(person_id=person_id, place=place, revoked_at__isnull=True, keyed_at__isnull=True).update(
        keyed_at=now
    )
    ledger.record(by=by, about=person_id, at=now)


@action("accounts.role.wait")
def mark_waiting(*, by: str, person_id: str, place: str, now: datetime) -> None:
    """Write down that a person holds no keys of a place any more though their roles go on: they wait for keys."""
    Role.objects.filter(person_id=person_id, place=place, revoked_at__isnull=True).update(keyed_at=None)
    ledger.record(by=by, about=person_id, at=now)


def _stays_gone(role_ids: list[str], now: datetime) -> None:
    """An old backup must not bring a role back."""
    for role_id in role_ids:
        shredstore.remember("role", role_id, now=now)


def check_cap(*, place: str, role: RoleName, newcomer: str | None, cap: int | None, now: datetime) -> None:
    """:raises TooMany: one more holder of this role is one too many here."""
    if role not in CAPPED or place == MACHINE or cap is None:
        return
    waiting = sum(
        1
        for invitation in queries.open_invitations(place, now=now)
        if invitation.role in CAPPED and (newcomer is None or invitation.taken_by != newcomer)
    )
    holders = queries.people_with_role(place, *CAPPED)
    if rules.over_cap(holders=holders, waiting=waiting, newcomer=newcomer, cap=cap):
        raise TooMany(cap)


def _end_invitations(person_id: str, place: str, now: datetime) -> None:
    """Nobody comes in on the word of someone who left: they could ask themselves back in under another name."""
    if grants(queries.roles_of(person_id).get(place, frozenset()), Permission.PEOPLE_MANAGE):
        return
    Invitation.objects.filter(
        place=place, made_by=person_id, used_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=now)


def _already_keyed(person_id: str, place: str) -> bool:
    return Role.objects.filter(
        person_id=person_id, place=place, revoked_at__isnull=True, keyed_at__isnull=False
    ).exists()
