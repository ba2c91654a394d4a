"""Sealed bytes that fit one place only.

XChaCha20-Poly1305 (IETF draft-irtf-cfrg-xchacha-03) through libsodium. A blob is
``version (1) | key id (8) | nonce (24) | ciphertext``.
The place (table, row, field, group, key version) is associated data: a blob moved elsewhere does not open.
Plain text is padded to size buckets, so that a blob's length says little about what it holds.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

import nacl.bindings as sodium
import nacl.utils

from circlekeeper.foundation.vault import opening

VERSION = 1
KEY_BYTES = 32
_NONCE_BYTES = 24
_HEAD = 1 + 8
_SMALLEST_BUCKET = 64


class SealBroken(Exception):
    """The blob does not open with this key in this place: changed, moved, cut short, or never sealed for it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs."""

    table: str
    row: str
    field: str
    group: str
    version: int = 1

    def aad(self) -> bytes:
        """The place as bytes; each part carries its length, so no two places look alike."""
        table, row, field, group = (
            self.table.encode(),
            self.row.encode(),
            self.field.encode(),
            self.group.encode(),
        )
        version = str(self.version).encode()
        # Once for every record that is opened: a loop over the parts takes twice as long.
        return b"".join(
            (
                len(table).to_bytes(4, "big"), table,
                len(row).to_bytes(4, "big"), row,
                len(field).to_bytes(4, "big"), field,
                len(group).to_bytes(4, "big"), group,
                len(version).to_bytes(4, "big"), version,
            )
        )  # fmt: skip

    def with_field(self, field: str) -> "Place":
        """The same row, another field."""
        return replace(self, field=field)


def key_id(key: bytes) -> bytes:
    """Eight bytes that tell keys apart without saying anything about them."""
    return hashlib.blake2b(key, digest_size=8, person=b"ck-key-id").digest()


def pad(plain: bytes) -> bytes:
    """Length, then the text, then zeros up to the next bucket: 64 bytes, then steps of an eighth of the size."""
    needed = len(plain) + 4
    bucket = _SMALLEST_BUCKET
    while bucket < needed:
        bucket += max(_SMALLEST_BUCKET, 1 << max(0, bucket.bit_length() - 3))
    return len(plain).to_bytes(4, "big") + plain.ljust(bucket - 4, b"\0")


def unpad(padded: bytes) -> bytes:
    """What ``pad`` was given.

    :raises SealBroken: the length does not fit.
    """
    length = int.from_bytes(padded[:4], "big")
    if length > len(padded) - 4:
        raise SealBroken
    return padded[4 : 4 + length]


def head(key: bytes) -> bytes:
    """How every blob under this key begins."""
    return bytes((VERSION,)) + key_id(key)


def looks_sealed(blob: bytes) -> bool:
    """Whether bytes have the outer shape of a blob: a version we know and the length of a padded text."""
    padded = len(blob) - _HEAD - _NONCE_BYTES - sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES
    return blob[:1] == bytes((VERSION,)) and padded >= _SMALLEST_BUCKET and padded % _SMALLEST_BUCKET == 0


def seal(key: bytes, plain: bytes, place: Place) -> bytes:
    """Seal bytes under a 32-byte key for one place."""
    nonce = nacl.utils.random(_NONCE_BYTES)
    first = head(key)
    box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(pad(plain), first + place.aad(), nonce, key)
    return first + nonce + box


def sealed_under(blob: bytes | memoryview) -> bytes:
    """The ``key_id`` of the key a blob was sealed under."""
    return bytes(blob[1:_HEAD])


def unseal(key: bytes, blob: bytes | memoryview, place: Place) -> bytes:
    """Open a blob.

    :raises SealBroken: wrong key, wrong place, or changed bytes.
    """
    blob = bytes(blob)  # PostgreSQL hands out memory views
    first, nonce, box = blob[:_HEAD], blob[_HEAD : _HEAD + _NONCE_BYTES], blob[_HEAD + _NONCE_BYTES :]
    if len(first) < _HEAD or first[0] != VERSION or first[1:] != key_id(key):
        raise SealBroken
    try:
        return unpad(opening.decrypt(box, first + place.aad(), nonce, key))
    except ValueError:
        raise SealBroken from None


def seal_json(key: bytes, fields: dict[str, Any], place: Place) -> bytes:
    """Seal a dict as JSON."""
    return seal(key, json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode(), place)


def unseal_json(key: bytes, blob: bytes | memoryview, place: Place) -> dict[str, Any]:
    """Open what ``seal_json`` sealed.

    :raises SealBroken: as ``unseal``.
    """
    found: dict[str, Any] = json.loads(unseal(key, blob, place).decode())
    return found
