"""The key that signs the log, and the log's name, which is grown from it."""

import base64
from hashlib import sha256

from nacl.signing import SigningKey

from circlekeeper.foundation.ledger import note

_ORIGIN = "circlekeeper/"


def seed() -> bytes:
    """The 32 bytes the Ed25519 key is grown from; kept with the server's other secrets, outside the database."""
    # Here and not above: the vault is a floor neighbour and may itself write to the log.
    from circlekeeper.foundation.vault import serversecrets  # noqa: PLC0415

    return serversecrets.server_secret("ledger")


def key() -> note.Key:
    """The log's name and public key."""
    public = bytes(SigningKey(seed()).verify_key)
    return note.Key(origin_of(public), public)


def origin_of(public: bytes) -> str:
    """The name of the log that this key signs. It says nothing about the place, and fits no other key."""
    digest = sha256(b"circlekeeper ledger origin\n" + public).digest()[:16]
    return _ORIGIN + base64.b32encode(digest).decode().rstrip("=").lower()
