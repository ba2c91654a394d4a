"""Sealed records: one data key each, wrapped for the group and, if wished, for the person it is about.

Every wrap also needs the record's secret in the shred store: without it neither the group's keys nor the holder's open
anything, in the live database or in any backup.
"""

from dataclasses import dataclass
from typing import Any

import nacl.exceptions
import nacl.utils
from nacl.public import PrivateKey, PublicKey, SealedBox

from circlekeeper.foundation.vault import envelope, kdf
from circlekeeper.foundation.vault.envelope import Place, SealBroken

_BOXED, _SETTLED = b"\x01", b"\x02"


@dataclass(frozen=True, slots=True)
class ScopeKey:
    """The opened key pair of one scope of one group."""

    group_id: str
    scope: str
    version: int
    value: bytes

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


def seal_for_group(
    fields: dict[str, Any], *, public: bytes, secret: bytes, place: Place, holder: bytes | None = None
) -> SealedRecord:
    """Seal a record to a scope's public key, with no reader at hand, and for its holder if a member key is given."""
    data_key = nacl.utils.random(envelope.KEY_BYTES)
    inner = envelope.seal(kdf.derive(secret, "wrap"), data_key, place.with_field(place.field + ".wrap"))
    return SealedRecord(
        blob=envelope.seal_json(data_key, fields, place),
        wrap=_BOXED + SealedBox(PublicKey(public)).encrypt(inner),
        holder_wrap=_wrap_for(holder, secret, data_key, place) if holder else b"",
    )


def open_for_group(blob: bytes, wrap: bytes, *, key: ScopeKey, secret: bytes, place: Place) -> dict[str, Any]:
    """Open a record with the scope's key and the record's secret.

    :raises SealBroken: wrong key, secret or place.
    """
    return envelope.unseal_json(_data_key(bytes(wrap), key, secret, place), bytes(blob), place)


def settle(wrap: bytes, *, key: ScopeKey, secret: bytes, place: Place) -> bytes:
    """Turn a sealed-box wrap into a symmetric one, twenty times faster to open; the record itself does not change."""
    data_key = _data_key(bytes(wrap), key, secret, place)
    return _SETTLED + envelope.seal(_settled_key(key, secret), data_key, place.with_field(place.field + ".wrap"))


def open_for_holder(
    blob: bytes, holder_wrap: bytes, *, holder: bytes, secret: bytes, place: Place
) -> dict[str, Any]:
    """Open one's own record with the member key.

    :raises SealBroken: wrong key, secret or place.
    """
    return envelope.unseal_json(_holder_data_key(holder_wrap, holder, secret, place), bytes(blob), place)


def reseal_for_holder(
    fields: dict[str, Any], holder_wrap: bytes, *, holder: bytes, secret: bytes, place: Place
) -> bytes:
    """A new blob under the same data key: the member corrects their own record."""
    return envelope.seal_json(_holder_data_key(holder_wrap, holder, secret, place), fields, place)


def reseal_for_group(fields: dict[str, Any], wrap: bytes, *, key: ScopeKey, secret: bytes, place: Place) -> bytes:
    """A new blob under the same data key: a key holder corrects a record."""
    return envelope.seal_json(_data_key(bytes(wrap), key, secret, place), fields, place)


def add_holder(wrap: bytes, *, key: ScopeKey, secret: bytes, place: Place, holder: bytes) -> bytes:
    """A wrap for a member key made later (an imported member who chooses one)."""
    return _wrap_for(holder, secret, _data_key(bytes(wrap), key, secret, place), place)


def _data_key(wrap: bytes, key: ScopeKey, secret: bytes, place: Place) -> bytes:
    kind, body, inner_place = wrap[:1], wrap[1:], place.with_field(place.field + ".wrap")
    if kind == _SETTLED:
        return envelope.unseal(_settled_key(key, secret), body, inner_place)
    if kind != _BOXED:
        raise SealBroken
    try:
        inner = SealedBox(key.private).decrypt(body)
    except nacl.exceptions.CryptoError:
        raise SealBroken from None
    return envelope.unseal(kdf.derive(secret, "wrap"), inner, inner_place)


def _settled_key(key: ScopeKey, secret: bytes) -> bytes:
    return kdf.derive(key.value, "settled-wrap", secret)


def _wrap_for(holder: bytes, secret: bytes, data_key: bytes, place: Place) -> bytes:
    return envelope.seal(_holder_key(holder, secret), data_key, place.with_field(place.field + ".holder"))


def _holder_data_key(holder_wrap: bytes, holder: bytes, secret: bytes, place: Place) -> bytes:
    return envelope.unseal(
        _holder_key(holder, secret), bytes(holder_wrap), place.with_field(place.field + ".holder")
    )


def _holder_key(holder: bytes, secret: bytes) -> bytes:
    return kdf.derive(kdf.derive(secret, "holder-wrap"), "holder", holder)
