"""Sealed records: one data key each, wrapped for the group and, if wished, for the person it is about.

Every wrap also needs the record's secret in the shred store: without it neither the group's keys nor the holder's open
anything, in the live database or in any backup.

A wrap for the group says which key made it, so after a group's keys were replaced nothing is guessed:
``kind (1) | sealed box's key id (8) | sealed box`` as an anonymous writer leaves it, ``kind (1) | blob`` once settled.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import nacl.exceptions
import nacl.utils
from nacl.public import PrivateKey, PublicKey, SealedBox

from circlekeeper.foundation.vault import envelope, kdf
from circlekeeper.foundation.vault.envelope import Place, SealBroken

_BOXED, _SETTLED = b"\x01", b"\x02"
_KEY_ID = 8


@dataclass(frozen=True, slots=True)
class ScopeKey:
    """The opened key pair of one scope of one group; ``older``: those it replaced, newest first, for old wraps."""

    group_id: str
    scope: str
    version: int
    value: bytes = field(repr=False)
    older: tuple["ScopeKey", ...] = ()

    @property
    def private(self) -> PrivateKey:
        """For opening what was sealed without a reader."""
        return PrivateKey(self.value)

    @property
    def public(self) -> bytes:
        """For sealing to this scope."""
        return bytes(self.private.public_key)


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """What the database keeps of a record."""

    blob: bytes
    wrap: bytes
    holder_wrap: bytes = b""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """One row's wrap with what is needed to wrap its data key anew."""

    id: str
    wrap: bytes
    secret: bytes = field(repr=False)
    place: Place


def seal_for_group(
    fields: dict[str, Any], *, public: bytes, secret: bytes, place: Place, holder: bytes | None = None
) -> SealedRecord:
    """Seal a record to a scope's public key, with no reader at hand, and for its holder if a member key is given."""
    data_key = nacl.utils.random(envelope.KEY_BYTES)
    inner = envelope.seal(_boxed_key(public, secret), data_key, _wrap_place(place, place.version))
    return SealedRecord(
        blob=envelope.seal_json(data_key, fields, place),
        wrap=_BOXED + envelope.key_id(public) + SealedBox(PublicKey(public)).encrypt(inner),
        holder_wrap=_wrap_for(holder, secret, data_key, place) if holder else b"",
    )


def seal_settled(fields: dict[str, Any], *, key: ScopeKey, secret: bytes, place: Place) -> SealedRecord:
    """Seal a record by someone who holds the scope's key: settled at once, and without the cost of a sealed box."""
    data_key = nacl.utils.random(envelope.KEY_BYTES)
    wrapped = envelope.seal(_settled_key(key, secret), data_key, _wrap_place(place, key.version))
    return SealedRecord(blob=envelope.seal_json(data_key, fields, place), wrap=_SETTLED + wrapped)


def open_for_group(blob: bytes, wrap: bytes, *, key: ScopeKey, secret: bytes, place: Place) -> dict[str, Any]:
    """Open a record with the scope's key and the record's secret.

    :raises SealBroken: wrong key, secret or place.
    """
    return envelope.unseal_json(_data_key(wrap, key, secret, place), blob, place)


def settle(wrap: bytes, *, key: ScopeKey, secret: bytes, place: Place) -> bytes:
    """Turn any wrap that ``key`` opens into a symmetric one under its newest version, quicker to open than a sealed box.

    The record itself does not change. Also what brings a wrap to a group's new keys.
    """
    data_key = _data_key(wrap, key, secret, place)
    return _SETTLED + envelope.seal(_settled_key(key, secret), data_key, _wrap_place(place, key.version))


def is_settled(wrap: bytes, *, key: ScopeKey, secret: bytes) -> bool:
    """Whether a wrap is symmetric and under the newest version of the key."""
    wrap = bytes(wrap)
    return wrap[:1] == _SETTLED and envelope.sealed_under(wrap[1:]) == envelope.key_id(_settled_key(key, secret))


def marks(key: ScopeKey, secret: bytes) -> tuple[bytes, bytes]:
    """How wraps under this very key begin, boxed and settled: what to look for where none should be left."""
    boxed = _BOXED + envelope.key_id(key.public)
    return boxed, _SETTLED + envelope.head(_settled_key(key, secret))


def rewrap(rows: Iterable[Wrapped], *, key: ScopeKey) -> dict[str, bytes]:
    """New wraps, by id, for those rows whose wrap is not settled under the newest key yet.

    Save them as they come, in as many steps as you like: with the rest waiting, everything still opens.

    :raises SealBroken: a row does not open with this key.
    """
    return {
        row.id: settle(row.wrap, key=key, secret=row.secret, place=row.place)
        for row in rows
        if not is_settled(row.wrap, key=key, secret=row.secret)
    }


def open_for_holder(
    blob: bytes, holder_wrap: bytes, *, holder: bytes, secret: bytes, place: Place
) -> dict[str, Any]:
    """Open one's own record with the member key.

    :raises SealBroken: wrong key, secret or place.
    """
    return envelope.unseal_json(_holder_data_key(holder_wrap, holder, secret, place), blob, place)


def reseal_for_holder(
    fields: dict[str, Any], holder_wrap: bytes, *, holder: bytes, secret: bytes, place: Place
) -> bytes:
    """A new blob under the same data key: the member corrects their own record."""
    return envelope.seal_json(_holder_data_key(holder_wrap, holder, secret, place), fields, place)


def reseal_for_group(fields: dict[str, Any], wrap: bytes, *, key: ScopeKey, secret: bytes, place: Place) -> bytes:
    """A new blob under the same data key: a key holder corrects a record."""
    return envelope.seal_json(_data_key(wrap, key, secret, place), fields, place)


def add_holder(wrap: bytes, *, key: ScopeKey, secret: bytes, place: Place, holder: bytes) -> bytes:
    """A wrap for a member key made later (an imported member who chooses one)."""
    return _wrap_for(holder, secret, _data_key(wrap, key, secret, place), place)


def _data_key(wrap: bytes, key: ScopeKey, secret: bytes, place: Place) -> bytes:
    wrap = bytes(wrap)
    for candidate in (key, *key.older):
        if wrap[:1] == _SETTLED:
            settled = _settled_key(candidate, secret)
            if envelope.sealed_under(wrap[1:]) == envelope.key_id(settled):
                return envelope.unseal(settled, wrap[1:], _wrap_place(place, candidate.version))
        if wrap[:1] == _BOXED and wrap[1 : 1 + _KEY_ID] == envelope.key_id(candidate.public):
            return _unboxed(wrap[1 + _KEY_ID :], candidate, secret, place)
    raise SealBroken


def _unboxed(box: bytes, key: ScopeKey, secret: bytes, place: Place) -> bytes:
    try:
        inner = SealedBox(key.private).decrypt(box)
    except (nacl.exceptions.CryptoError, ValueError, TypeError):
        raise SealBroken from None
    return envelope.unseal(_boxed_key(key.public, secret), inner, _wrap_place(place, place.version))


def _wrap_place(place: Place, version: int) -> Place:
    """Where a wrap belongs: beside its record, and to one version of the group's key."""
    return Place(place.table, place.row, place.field + ".wrap", place.group, version)


def _boxed_key(public: bytes, secret: bytes) -> bytes:
    return kdf.derive(secret, "wrap", public)


def _settled_key(key: ScopeKey, secret: bytes) -> bytes:
    return kdf.derive(key.value, "settled-wrap", secret)


def _wrap_for(holder: bytes, secret: bytes, data_key: bytes, place: Place) -> bytes:
    return envelope.seal(_holder_key(holder, secret), data_key, place.with_field(place.field + ".holder"))


def _holder_data_key(holder_wrap: bytes, holder: bytes, secret: bytes, place: Place) -> bytes:
    return envelope.unseal(_holder_key(holder, secret), holder_wrap, place.with_field(place.field + ".holder"))


def _holder_key(holder: bytes, secret: bytes) -> bytes:
    return kdf.derive(kdf.derive(secret, "holder-wrap"), "holder", holder)
