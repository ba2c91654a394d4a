"""Recipients are sealed to the worker: pages can only write them, and a copy of the database shows none."""

import json
from dataclasses import dataclass
from datetime import time
from functools import cache

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from circlekeeper.foundation.post.rules import SafeHours
from circlekeeper.foundation.vault.serversecrets import server_secret

# Longer than any address (RFC 5321: 254) with hours and zone, so every sealed recipient has one length.
PADDED = 512


class Unreadable(Exception):
    """A sealed recipient does not open, or belongs to another letter."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a letter goes to, and when it may arrive there."""

    address: str
    hours: SafeHours | None


@cache
def _worker_key() -> PrivateKey:
    return PrivateKey(server_secret("worker"))


def seal(recipient: Recipient, *, letter_id: str) -> bytes:
    """Seal a recipient for one letter."""
    hours = recipient.hours
    told = {
        "letter": letter_id,
        "to": recipient.address,
        "hours": [hours.start.isoformat(), hours.end.isoformat(), hours.zone] if hours else None,
    }
    plain = json.dumps(told).encode()
    if len(plain) > PADDED:
        raise ValueError("the recipient is too long")
    return SealedBox(_worker_key().public_key).encrypt(plain.ljust(PADDED))


def open_sealed(sealed: bytes, *, letter_id: str) -> Recipient:
    """Open the recipient of this letter.

    :raises Unreadable: wrong key, changed bytes, or another letter's recipient.
    """
    try:
        told = json.loads(SealedBox(_worker_key()).decrypt(sealed))
    except CryptoError:
        raise Unreadable from None
    if told["letter"] != letter_id:
        raise Unreadable
    hours = told["hours"]
    return Recipient(
        address=told["to"],
        hours=SafeHours(time.fromisoformat(hours[0]), time.fromisoformat(hours[1]), hours[2]) if hours else None,
    )
