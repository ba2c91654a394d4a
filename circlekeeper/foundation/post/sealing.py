"""What the worker needs to send is sealed to it: pages can only write it, and a copy of the database shows none."""

import json
from functools import cache

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from circlekeeper.foundation.post.contact import SafeContact
from circlekeeper.foundation.vault.serversecrets import server_secret

# Longer than any answer on one channel, so every sealed one has one length.
PADDED = 1280


class Unreadable(Exception):
    """A sealed answer does not open, or belongs somewhere else."""


@cache
def _worker_key() -> PrivateKey:
    return PrivateKey(server_secret("worker"))


def seal(contact: SafeContact, *, place: str) -> bytes:
    """Seal an answer for the one letter or row it belongs to (``place``)."""
    plain = json.dumps({"place": place, "contact": contact.as_fields()}, ensure_ascii=False).encode()
    if len(plain) > PADDED:
        raise ValueError("the answer is too long")
    return SealedBox(_worker_key().public_key).encrypt(plain.ljust(PADDED))


def open_sealed(sealed: bytes, *, place: str) -> SafeContact:
    """Open what was sealed for this place.

    :raises Unreadable: wrong key, changed bytes, or it belongs to another place.
    """
    try:
        told = json.loads(SealedBox(_worker_key()).decrypt(sealed))
    except CryptoError:
        raise Unreadable from None
    if told["place"] != place:
        raise Unreadable
    return SafeContact.from_fields(told["contact"])
