"""A group's secret, who holds it, and how it is replaced. It is nowhere kept but in grants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import nacl.utils
from django.utils.translation import gettext as _

from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.memo import remembered
from circlekeeper.foundation.vault import envelope, grants, kdf, keylog, shredstore, userkeys
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.grants import scope_secret
from circlekeeper.foundation.vault.models import Grant, GroupKey
from circlekeeper.foundation.vault.scopes import ALL, WHOLE, Scope

__all__ = [
    "ALL",
    "WHOLE",
    "Holder",
    "KeysMoved",
    "LastHolder",
    "Ring",
    "Scope",
    "create_group_keys",
    "current_version",
    "current_versions",
    "grant",
    "holders",
    "older_secret",
    "public_key",
    "reconcile",
    "revoke",
    "rotate",
    "rotation_due",
    "rotation_due_since",
    "scope_secret",
]


class LastHolder(Refused):
    """The only person who holds a group's whole key cannot be revoked."""

    def __init__(self) -> None:
        super().__init__(_("This is the only person who holds the keys. Give them to someone else first."))


class KeysMoved(Refused):
    """The group's keys were replaced while this page was open; the ring holds the ones before."""

    def __init__(self) -> None:
        super().__init__(
            _("The keys of this group have just been changed. Open the page again, then try once more.")
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone who holds a group's key, or parts of it."""

    person_id: str
    whole: bool
    scopes: frozenset[Scope]
    since: datetime
    kit_confirmed: bool


class Ring(grants.Signer, Protocol):
    """What granting needs of the granter's key ring (``vault.ring.KeyRing``)."""

    def version(self, group_id: str) -> int:
        """Which version of a group's key the ring holds."""

    def scope_secret(self, group_id: str, scope: Scope) -> bytes:
        """The secret of one scope."""

    def group_secret(self, group_id: str) -> bytes:
        """The secret of the whole group."""


@action("vault.group.create")
def create_group_keys(*, by: str, group_id: str, now: datetime) -> None:
    """Make a group's secret and grant the whole of it to its maker."""
    secret = nacl.utils.random(kdf.KEY_BYTES)
    made = _publish(by=by, group_id=group_id, version=1, secret=secret, before=None, now=now)
    grants.make(group=made, to=by, secrets={WHOLE: secret}, signer=None, by=by, now=now)
    ledger.record(by=by, about=group_id, at=now)


def _publish(
    *, by: str, group_id: str, version: int, secret: bytes, before: bytes | None, now: datetime
) -> GroupKey:
    pk, publics = new_id(), grants.publics_of(secret)
    previous = {
        scope.value: envelope.seal(
            _way_back(scope_secret(secret, scope)),
            scope_secret(before, scope),
            _older(pk, group_id, scope, version),
        ).hex()
        for scope in (Scope if before is not None else ())
        if before is not None
    }
    keylog.publish(keylog.of_group(group_id, version, publics), by=by, now=now)
    return GroupKey.objects.create(
        pk=pk, group_id=group_id, version=version, publics=publics, previous=previous, made_at=now
    )


def _way_back(newer: bytes) -> bytes:
    return kdf.derive(newer, "previous")


def _older(pk: str, group_id: str, scope: Scope, version: int) -> Place:
    return Place("vault_groupkey", pk, f"previous.{scope}", group_id, version)


def older_secret(group: GroupKey, scope: Scope, newer: bytes) -> bytes:
    """One scope's secret of the version before ``group``, from the secret of this version.

    :raises SealBroken: it was changed, or this is the first version.
    """
    sealed = bytes.fromhex(group.previous.get(scope.value, ""))
    return envelope.unseal(_way_back(newer), sealed, _older(group.pk, group.group_id, scope, group.version))


def _newest(group_id: str) -> GroupKey:
    found = GroupKey.objects.filter(group_id=group_id).order_by("-version").first()
    if found is None:
        raise NotHere
    return found


def _newest_alone(group_id: str) -> GroupKey:
    """As ``_newest``; others who change this group's keys wait until the transaction ends."""
    # The first version never goes, so everyone waits at the same row. Locked first, then read.
    GroupKey.objects.select_for_update().filter(group_id=group_id, version=1).first()
    return _newest(group_id)


def current_version(group_id: str) -> int:
    """The newest version of a group's key.

    :raises NotHere: the group has none.
    """
    return _newest(group_id).version


@remembered("vault_groupkey", across_pages=True)
def _publics(group_id: str) -> dict[str, str]:
    newest = _newest(group_id)
    keylog.check(keylog.of_group(group_id, newest.version, newest.publics))
    return dict(newest.publics)


def current_versions(group_ids: Iterable[str]) -> dict[str, int]:
    """The newest version of each of these groups' keys, in one query; groups without keys are absent."""
    newest: dict[str, int] = {}
    rows = GroupKey.objects.filter(group_id__in=list(group_ids)).values_list("group_id", "version")
    for group_id, version in rows:
        newest[group_id] = max(version, newest.get(group_id, 0))
    return newest


def public_key(group_id: str, scope: Scope) -> bytes:
    """The public key to seal to for one scope of a group.

    :raises NotHere: the group has no keys.
    :raises keylog.KeysChanged: the row does not hold the keys that were published.
    """
    return bytes.fromhex(_publics(group_id)[scope.value])


@action("vault.group.grant")
def grant(*, ring: Ring, group_id: str, to: str, scopes: frozenset[Scope], now: datetime) -> None:
    """Give someone the whole key (all scopes) or the keys of some scopes. Giving twice changes nothing.

    :raises NoGrant: the granter does not hold what they give. :raises NotHere: the receiver has no keys.
    :raises KeysMoved: the group's keys were replaced since the ring was opened.
    :raises keylog.KeysChanged: the receiver's keys are not the published ones.
    """
    newest = _newest_alone(group_id)
    if ring.version(group_id) != newest.version:
        raise KeysMoved
    have = set(grants.live(group_id).filter(person_id=to, version=newest.version).values_list("scope", flat=True))
    if scopes == ALL:
        secrets = {WHOLE: ring.group_secret(group_id)}
    else:
        secrets = {scope.value: ring.scope_secret(group_id, scope) for scope in sorted(scopes)}
    missing = {scope: secret for scope, secret in secrets.items() if scope not in have}
    grants.make(group=newest, to=to, secrets=missing, signer=ring, by=ring.person_id, now=now)
    ledger.record(by=ring.person_id, about=to, at=now)


@action("vault.group.revoke")
def revoke(*, by: str, group_id: str, person_id: str, now: datetime) -> None:
    """Take every grant of one group from a person, at once; a tombstone keeps it so after a restore.

    What they copied they still have: a holder replaces the group's keys next (``rotation_due``, ``rotate``).

    :raises LastHolder: nobody would hold the whole key.
    """
    newest = _newest_alone(group_id)
    whole = grants.live(group_id).filter(scope=WHOLE, version=newest.version)
    if set(whole.values_list("person_id", flat=True)) == {person_id}:
        raise LastHolder
    grants.live(group_id).filter(person_id=person_id).update(revoked_at=now)
    shredstore.remember("grant", f"{group_id}:{person_id}", now=now)
    ledger.record(by=by, about=person_id, at=now)


@action("vault.group.rotate")
def rotate(*, ring: Ring, group_id: str, now: datetime) -> int:
    """Replace a group's secret and give the new one to everyone who holds keys now, as much as each has; the version.

    Records stay readable: the new keys lead back to the ones before. Settle their wraps next (``records.rewrap``), in
    any number of steps; then a copy of the old secret opens nothing that is still in the database.

    :raises NoGrant: the ring does not hold the whole key. :raises KeysMoved: someone was faster.
    :raises keylog.KeysChanged: the keys of one of the holders are not the published ones.
    """
    newest = _newest_alone(group_id)
    if ring.version(group_id) != newest.version:
        raise KeysMoved
    before, secret = ring.group_secret(group_id), nacl.utils.random(kdf.KEY_BYTES)
    rows = list(grants.live(group_id).filter(version=newest.version).values_list("person_id", "scope", "pk"))
    made = _publish(
        by=ring.person_id, group_id=group_id, version=newest.version + 1, secret=secret, before=before, now=now
    )
    for person in sorted({person for person, _scope, _pk in rows}):
        scopes = [scope for each, scope, _pk in rows if each == person]
        secrets = {scope: secret if scope == WHOLE else scope_secret(secret, Scope(scope)) for scope in scopes}
        grants.make(group=made, to=person, secrets=secrets, signer=ring, by=ring.person_id, now=now)
    Grant.objects.filter(pk__in=[pk for _person, _scope, pk in rows]).update(revoked_at=now)
    ledger.record(by=ring.person_id, about=group_id, at=now)
    return made.version


def rotation_due(group_id: str) -> bool:
    """Whether someone who held keys of the version in use was revoked since it was made.

    :raises NotHere: the group has no keys.
    """
    newest = _newest(group_id)
    gone = Grant.objects.filter(group_id=group_id, version=newest.version, revoked_at__isnull=False)
    return gone.exists()


def rotation_due_since(group_ids: Iterable[str]) -> dict[str, datetime]:
    """Of these groups, those whose keys are to be replaced, with the moment since when; in two queries."""
    wanted = list(group_ids)
    newest = current_versions(wanted)
    gone = Grant.objects.filter(group_id__in=wanted, revoked_at__isnull=False).order_by("-revoked_at")
    rows = gone.values_list("group_id", "version", "revoked_at")
    return {group_id: at for group_id, version, at in rows if at is not None and version == newest.get(group_id)}


def holders(group_id: str) -> list[Holder]:
    """Who holds a group's key or parts of it, longest first. Whoever was granted again by a rotation keeps their date."""
    mine: dict[str, set[str]] = {}
    since: dict[str, datetime] = {}
    for person, scope, at, ended in _history(group_id):
        if ended is None:
            mine.setdefault(person, set()).add(scope)
        since.setdefault(person, at)
    kits = userkeys.kit_confirmed(list(mine))
    found = [
        Holder(
            person,
            WHOLE in scopes,
            ALL if WHOLE in scopes else frozenset(Scope(scope) for scope in scopes),
            since[person],
            kits.get(person, False),
        )
        for person, scopes in mine.items()
    ]
    return sorted(found, key=lambda holder: (holder.since, holder.person_id))


def _history(group_id: str) -> Iterable[tuple[str, str, datetime, datetime | None]]:
    rows = Grant.objects.filter(group_id=group_id).order_by("granted_at", "pk")
    return rows.values_list("person_id", "scope", "granted_at", "revoked_at")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What putting a restored database right came to; ``stuck``: groups whose only whole holder was revoked."""

    revoked: int
    stuck: tuple[str, ...]


def reconcile(*, by: str, now: datetime) -> Reconciled:
    """After a restore: revoke again what was revoked since the backup, so that nobody who left comes back."""
    revoked, stuck = 0, set()
    for stone in shredstore.tombstones("grant"):
        group_id, _colon, person_id = stone.ref.partition(":")
        if not grants.live(group_id).filter(person_id=person_id, granted_at__lte=stone.at).exists():
            continue
        try:
            revoke(by=by, group_id=group_id, person_id=person_id, now=now)
            revoked += 1
        except LastHolder:
            stuck.add(group_id)
    return Reconciled(revoked, tuple(sorted(stuck)))
