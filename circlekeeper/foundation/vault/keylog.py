"""Public keys in the log: who swaps a key in the database cannot also have it stand in the ledger since it was made.

A line says ``key:`` and 128 bits of BLAKE2b over the keys: nothing that leads to a person.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ledger import queries as lines

_VERB = "vault.key.publish"


class KeysChanged(Refused):
    """A public key is not the one that was published in the log; nothing may be sealed to it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "These keys are not the ones the log knows. Give nothing to them, and ask your administrator "
                "to check the log."
            )
        )


def _line(kind: str, *parts: bytes) -> str:
    state = hashlib.blake2b(digest_size=16, person=b"ck-key-line")
    for part in (kind.encode(), *parts):
        state.update(len(part).to_bytes(4, "big") + part)
    return "key:" + base64.b32encode(state.digest()).decode().rstrip("=").lower()


def of_person(person_id: str, public: bytes, sign_public: bytes) -> str:
    """The line of a person's two public keys."""
    return _line("person", person_id.encode(), public, sign_public)


def of_group(group_id: str, version: int, publics: Mapping[str, str]) -> str:
    """The line of one version of a group's public keys (scope -> hexadecimal)."""
    parts = [f"{scope}={publics[scope]}".encode() for scope in sorted(publics)]
    return _line("group", group_id.encode(), str(version).encode(), *parts)


def publish(line: str, *, by: str, now: datetime) -> None:
    """Write a key's line, in the transaction that makes the key."""
    ledger.record(by=by, about=line, at=now, verb=_VERB)


def check(line: str) -> None:
    """Be sure that this key was published.

    :raises KeysChanged: the log does not know it.
    """
    _known(line)


@lru_cache(maxsize=4096)
def _known(line: str) -> None:
    # A refusal is not remembered, a found line is: the log only grows.
    if not lines.entries_about(line, verbs=[_VERB], limit=1):
        raise KeysChanged
