"""A group's secret, who holds it, and what a part of it opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import nacl.utils
from django.db.models import QuerySet
from nacl.public import PrivateKey, PublicKey, SealedBox

from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.memo import remembered
from circlekeeper.foundation.vault import kdf, shredstore, userkeys
from circlekeeper.foundation.vault.models import Grant, GroupKey

WHOLE = "whole"


class Scope(StrEnum):
    """A part of a group's records with a key pair of its own."""

    ROSTER = "roster"  # contact, intake
    DOOR = "door"  # aliases
    EMERGENCY = "emergency"
    ACCESS = "access"


ALL = frozenset(Scope)


class LastHolder(Refused):
    """The only person who holds a group's whole key cannot be revoked."""

    def __init__(self) -> None:
        super().__init__("This is the only person who holds the keys. Give them to someone else first.")


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone who holds a group's key, or parts of it."""

    person_id: str
    whole: bool
    scopes: frozenset[Scope]
    since: datetime
    kit_confirmed: bool


class Ring(Protocol):
    """What granting needs of the granter's key ring (``vault.ring.KeyRing``)."""

    person_id: str

    def scope_secret(self, group_id: str, scope: Scope) -> bytes:
        """The secret of one scope."""

    def group_secret(self, group_id: str) -> bytes:
        """The secret of the whole group."""

    def sign(self, message: bytes) -> bytes:
        """A signature of the granter."""


def scope_secret(group_secret: bytes, scope: Scope) -> bytes:
    """One scope's X25519 private key, grown from the group's secret."""
    return kdf.derive(group_secret, "scope", scope.encode())


def grant_message(group_id: str, person_id: str, scope: str, version: int, sealed: bytes) -> bytes:
    """What a granter signs."""
    head = f"circlekeeper grant\n{group_id}\n{person_id}\n{scope}\n{version}\n"
    return head.encode() + sealed


@action("vault.group.create")
def create_group_keys(*, by: str, group_id: str, now: datetime) -> None:
    """Make a group's secret and grant the whole of it to its maker. It is nowhere kept but in grants."""
    _new_version(by=by, group_id=group_id, version=1, to=[by], sign=None, now=now)
    ledger.record(by=by, about=group_id, at=now)


def _new_version(
    *, by: str, group_id: str, version: int, to: Iterable[str], sign: Ring | None, now: datetime
) -> bytes:
    secret = nacl.utils.random(32)
    publics = {scope.value: bytes(PrivateKey(scope_secret(secret, scope)).public_key).hex() for scope in Scope}
    GroupKey.objects.create(group_id=group_id, version=version, publics=publics, made_at=now)
    for person in to:
        _grant_row(
            by=by,
            group_id=group_id,
            person=person,
            scope=WHOLE,
            version=version,
            secret=secret,
            sign=sign,
            now=now,
        )
    return secret


def _grant_row(
    *,
    by: str,
    group_id: str,
    person: str,
    scope: str,
    version: int,
    secret: bytes,
    sign: Ring | None,
    now: datetime,
) -> None:
    sealed = SealedBox(PublicKey(userkeys.public_key(person))).encrypt(secret)
    message = grant_message(group_id, person, scope, version, sealed)
    Grant.objects.create(
        pk=new_id(),
        group_id=group_id,
        person_id=person,
        scope=scope,
        version=version,
        sealed=sealed,
        granted_by=by,
        # The first grant is to oneself, when the group is made; there is no ring to sign with yet.
        signature=sign.sign(message) if sign else b"",
        granted_at=now,
    )


def current_version(group_id: str) -> int:
    """The newest version of a group's key.

    :raises NotHere: the group has none.
    """
    newest = (
        GroupKey.objects.filter(group_id=group_id).order_by("-version").values_list("version", flat=True).first()
    )
    if newest is None:
        raise NotHere
    return newest


@remembered("vault_groupkey")
def public_key(group_id: str, scope: Scope) -> bytes:
    """The public key to seal to for one scope of a group.

    :raises NotHere: the group has no keys.
    """
    newest = (
        GroupKey.objects.filter(group_id=group_id).order_by("-version").values_list("publics", flat=True).first()
    )
    if newest is None:
        raise NotHere
    return bytes.fromhex(newest[scope.value])


@action("vault.group.grant")
def grant(*, ring: Ring, group_id: str, to: str, scopes: frozenset[Scope], now: datetime) -> None:
    """Give someone the whole key (all scopes) or the keys of some scopes. Giving twice changes nothing.

    :raises NoGrant: the granter does not hold what they give.
    """
    version = current_version(group_id)
    whole = scopes == ALL
    secrets = (
        {WHOLE: ring.group_secret(group_id)}
        if whole
        else {scope.value: ring.scope_secret(group_id, scope) for scope in sorted(scopes)}
    )
    have = set(_live(group_id).filter(person_id=to, version=version).values_list("scope", flat=True))
    for scope, secret in secrets.items():
        if scope not in have:
            _grant_row(
                by=ring.person_id,
                group_id=group_id,
                person=to,
                scope=scope,
                version=version,
                secret=secret,
                sign=ring,
                now=now,
            )
    ledger.record(by=ring.person_id, about=to, at=now)


def _live(group_id: str) -> "QuerySet[Grant]":
    return Grant.objects.filter(group_id=group_id, revoked_at__isnull=True)


@action("vault.group.revoke")
def revoke(*, by: str, group_id: str, person_id: str, now: datetime) -> None:
    """Take every grant of one group from a person, at once; a tombstone keeps it so after a restore.

    :raises LastHolder: nobody would hold the whole key.
    """
    # Locking every live grant of the group makes two revocations at once see each other.
    whole = set(_live(group_id).select_for_update().filter(scope=WHOLE).values_list("person_id", flat=True))
    if whole == {person_id}:
        raise LastHolder
    _live(group_id).filter(person_id=person_id).update(revoked_at=now)
    shredstore.remember("grant", f"{group_id}:{person_id}", now=now)
    ledger.record(by=by, about=person_id, at=now)


def holders(group_id: str) -> list[Holder]:
    """Who holds a group's key or parts of it, longest first."""
    rows = list(_live(group_id).order_by("granted_at", "pk").values_list("person_id", "scope", "granted_at"))
    kits = userkeys.kit_confirmed([person for person, _, _ in rows])
    found = []
    for person in dict.fromkeys(person for person, _, _ in rows):
        mine = [(scope, at) for each, scope, at in rows if each == person]
        whole = any(scope == WHOLE for scope, _ in mine)
        scopes = ALL if whole else frozenset(Scope(scope) for scope, _ in mine)
        found.append(Holder(person, whole, scopes, mine[0][1], kits.get(person, False)))
    return found
