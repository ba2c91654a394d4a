"""How the roster's records are sealed and opened: which key opens which compartment, and where each belongs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from circlekeeper.areas.roster.models import Compartment, Name
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, kdf, records, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import ScopeKey, SealedRecord
from circlekeeper.foundation.vault.ring import KeyRing

SCOPES: Mapping[str, Scope] = {
    Name.ALIAS: Scope.DOOR,
    Name.CONTACT: Scope.ROSTER,
    Name.INTAKE: Scope.ROSTER,
    Name.EMERGENCY: Scope.EMERGENCY,
    Name.ACCESS: Scope.ACCESS,
}
# Compartments whose time is not the member's own need a secret of their own to be forgotten alone.
OWN_SECRET: Mapping[str, str] = {
    Name.EMERGENCY: "emergency",
    Name.ACCESS: "access-needs",
    Name.INTAKE: "intake",
}
ROSTER = "roster"
# The contact lives as long as the member's record, but can be taken back alone (CON2).
SECRETS: Mapping[str, str] = {**OWN_SECRET, Name.CONTACT: ROSTER}


@dataclass(frozen=True, slots=True)
class Secrets:
    """The fresh secrets of one new record: the member's own, and one for each compartment that dies by itself."""

    member: shredstore.NewSecret
    apart: Mapping[str, shredstore.NewSecret]

    def of(self, name: str) -> shredstore.NewSecret:
        """The secret a compartment is sealed with."""
        return self.apart.get(name, self.member)


def place(member_id: str, name: str, group_id: str) -> Place:
    """Where a compartment belongs. It names the member, so that nobody can swap two people's contacts."""
    return Place("roster_compartment", member_id, name, group_id)


def publics(group_id: str, names: Iterable[str]) -> dict[str, bytes]:
    """The public keys to seal these compartments to, by scope."""
    return {scope: groupkeys.public_key(group_id, scope) for scope in {SCOPES[name] for name in names}}


def sealed(
    *,
    member_id: str,
    group_id: str,
    name: str,
    fields: dict[str, Any],
    public: bytes,
    secret: shredstore.NewSecret,
    holder: bytes | None,
    on: date,
    check_again_on: date | None = None,
    due_on: date | None = None,
) -> Compartment:
    """A compartment, sealed and not yet saved."""
    record = records.seal_for_group(
        fields, public=public, secret=secret.value, place=place(member_id, name, group_id), holder=holder
    )
    return Compartment(
        pk=new_id(),
        member_id=member_id,
        group_id=group_id,
        name=name,
        scope=SCOPES[name],
        secret_id=secret.id,
        blob=record.blob,
        wrap=record.wrap,
        holder_wrap=record.holder_wrap,
        updated_on=on,
        check_again_on=check_again_on,
        due_on=due_on,
    )


def sealed_by(
    key: ScopeKey,
    *,
    member_id: str,
    group_id: str,
    name: str,
    fields: dict[str, Any],
    secret: shredstore.NewSecret,
    on: date,
) -> Compartment:
    """A compartment sealed by someone who holds its key, quick to open from the start; not yet saved."""
    record = records.seal_settled(fields, key=key, secret=secret.value, place=place(member_id, name, group_id))
    return Compartment(
        pk=new_id(),
        member_id=member_id,
        group_id=group_id,
        name=name,
        scope=SCOPES[name],
        secret_id=secret.id,
        blob=record.blob,
        wrap=record.wrap,
        updated_on=on,
    )


def settled(row: Compartment, *, key: ScopeKey, secret: bytes) -> None:
    """Make a compartment quick to open; the row is changed, not saved."""
    row.wrap = records.settle(
        bytes(row.wrap), key=key, secret=secret, place=place(row.member_id, row.name, row.group_id)
    )


def opened(row: Compartment, *, ring: KeyRing, secret: bytes) -> dict[str, Any]:
    """What a compartment holds, for a key holder.

    :raises NoGrant: the ring lacks the scope. :raises SealBroken: changed, moved, or sealed to an older key.
    """
    return records.open_for_group(
        bytes(row.blob),
        bytes(row.wrap),
        key=ring.scope_key(row.group_id, SCOPES[row.name]),
        secret=secret,
        place=place(row.member_id, row.name, row.group_id),
    )


def letterbox_of(holder: bytes) -> bytes:
    """The public key under which the member with this key can be told things."""
    return box("", holder).public


def tell(
    *, letterbox: bytes, secret: bytes, opening_id: str, group_id: str, fields: dict[str, Any]
) -> SealedRecord:
    """Seal something for the member's eyes."""
    return records.seal_for_group(fields, public=letterbox, secret=secret, place=_told(opening_id, group_id))


def told(
    *, holder: bytes, secret: bytes, opening_id: str, group_id: str, blob: bytes, wrap: bytes
) -> dict[str, Any]:
    """What ``tell`` sealed, opened with the member key."""
    return records.open_for_group(
        blob, wrap, key=box(group_id, holder), secret=secret, place=_told(opening_id, group_id)
    )


def box(group_id: str, holder: bytes) -> ScopeKey:
    """The key that opens what was put into a member's letterbox; grown from their own key."""
    return ScopeKey(group_id, "letterbox", 1, kdf.derive(holder, "letterbox"))


def _told(opening_id: str, group_id: str) -> Place:
    return Place("roster_opening", opening_id, "told", group_id)


def reason_place(opening_id: str, group_id: str) -> Place:
    """Where the sealed reason of an opening belongs."""
    return Place("roster_opening", opening_id, "reason", group_id)


def draft_key(ring: KeyRing, draft_id: str) -> bytes:
    """The key of a draft: grown from its uploader's own secret, so that nobody else opens it, nor a stolen disk."""
    return kdf.derive(ring.secret.value, "roster-list-draft", draft_id.encode())


def draft_place(draft_id: str, group_id: str) -> Place:
    """Where a draft belongs."""
    return Place("roster_listdraft", draft_id, "sealed", group_id)
