"""Keepsakes in sealed pieces: what was handed in is in memory only, and a part of it opens without the rest."""

from collections.abc import Iterator

import nacl.exceptions
import nacl.utils
from nacl.public import PrivateKey, PublicKey, SealedBox

from circlekeeper.foundation.vault import envelope, kdf

SIZE = 256 * 1024
_HEADS = ((b"OggS", 0, "audio/ogg"), (b"ID3", 0, "audio/mpeg"), (b"ftyp", 4, "audio/mp4"))
_MPEG = (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")
_WEBM = b"\x1a\x45\xdf\xa3"


def media_of(content: bytes) -> str:
    """What kind of sound the bytes are, by how they begin; empty if they are none that browsers play."""
    for head, at, media in _HEADS:
        if content[at : at + len(head)] == head:
            return media
    if content[:4] == _WEBM:
        return "audio/webm"
    return "audio/mpeg" if content[:2] in _MPEG else ""


def new_key() -> bytes:
    """A key for one keepsake."""
    return nacl.utils.random(envelope.KEY_BYTES)


def sealed(content: bytes, *, key: bytes, keepsake_id: str, group_id: str) -> Iterator[bytes]:
    """The content in sealed pieces, in order."""
    for number, start in enumerate(range(0, len(content), SIZE)):
        yield envelope.seal(key, content[start : start + SIZE], _place(keepsake_id, number, group_id))


def unsealed(piece: bytes, *, key: bytes, number: int, keepsake_id: str, group_id: str) -> bytes:
    """One piece, opened.

    :raises SealBroken: another key, or another piece.
    """
    return envelope.unseal(key, piece, _place(keepsake_id, number, group_id))


def wrap(key: bytes, *, public: bytes, secret: bytes, keepsake_id: str, group_id: str) -> bytes:
    """A keepsake's key for one named person; it also needs the keepsake's secret in the shred store."""
    inner = envelope.seal(kdf.derive(secret, "keepsake", public), key, _wrap_place(keepsake_id, group_id))
    return SealedBox(PublicKey(public)).encrypt(inner)


def unwrap(wrapped: bytes, *, private: PrivateKey, secret: bytes, keepsake_id: str, group_id: str) -> bytes:
    """The key a named person was given.

    :raises SealBroken: it was not given to this person, or they have new keys since.
    """
    try:
        inner = SealedBox(private).decrypt(bytes(wrapped))
    except (nacl.exceptions.CryptoError, ValueError, TypeError):
        raise envelope.SealBroken from None
    own = kdf.derive(secret, "keepsake", bytes(private.public_key))
    return envelope.unseal(own, inner, _wrap_place(keepsake_id, group_id))


def wrap_for_members(key: bytes, *, secret: bytes, keepsake_id: str, group_id: str) -> bytes:
    """A summary's key as the machine itself can open it for the group's members, until its secret is destroyed."""
    place = envelope.Place("ballots_keepsake", keepsake_id, "members_wrap", group_id)
    return envelope.seal(kdf.derive(secret, "keepsake-members"), key, place)


def unwrap_for_members(wrapped: bytes, *, secret: bytes, keepsake_id: str, group_id: str) -> bytes:
    """What ``wrap_for_members`` wrapped."""
    place = envelope.Place("ballots_keepsake", keepsake_id, "members_wrap", group_id)
    return envelope.unseal(kdf.derive(secret, "keepsake-members"), wrapped, place)


def _place(keepsake_id: str, number: int, group_id: str) -> envelope.Place:
    return envelope.Place("ballots_piece", keepsake_id, str(number), group_id)


def _wrap_place(keepsake_id: str, group_id: str) -> envelope.Place:
    return envelope.Place("ballots_viewer", keepsake_id, "wrap", group_id)
