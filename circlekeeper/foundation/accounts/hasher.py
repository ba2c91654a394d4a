"""One Argon2id call, two keys: the verifier is stored and compared, the other key opens the person's key pair.

The stored form is ``ck1$m=…,t=…,p=…$salt$verifier``. Whoever steals it has neither the passphrase nor the key: both come
from the root by one-way steps (vault.userkeys).
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.translation import gettext_noop as _

from circlekeeper.foundation.accounts import passphrase
from circlekeeper.foundation.vault import kdf, userkeys

ALGORITHM = "ck1"


@dataclass(frozen=True, slots=True)
class Split:
    """What one passphrase gives: ``stored`` for the database, ``kek`` to wrap the person's key pair with."""

    stored: str
    kek: bytes


def split(password: str) -> Split:
    """Derive both halves for a new passphrase. Slow: never inside a transaction.

    :raises kdf.Busy: too many people sign in at this moment.
    """
    return _split(password, secrets.token_bytes(kdf.SALT_BYTES), kdf.cost())


def opened(password: str, stored: str) -> bytes | None:
    """The key-encryption key, if this is the passphrase; else None. Takes as long either way.

    :raises kdf.Busy: as ``split``.
    """
    if not stored.startswith(ALGORITHM + "$"):
        spend(password)
        return None
    cost, salt, _verifier = _parts(stored)
    again = _split(password, salt, cost)
    return again.kek if hmac.compare_digest(again.stored, stored) else None


def spend(password: str) -> None:
    """Take as long as for a person who exists, so that the time says nothing about who does."""
    split(password)


def is_outdated(stored: str) -> bool:
    """Whether the passphrase was stored at another cost than new ones on this machine."""
    return _parts(stored)[0] != kdf.cost()


class RootHasher(BasePasswordHasher):
    """Django's door to the above; it knows the verifier only."""

    algorithm = ALGORITHM

    def salt(self) -> str:
        """Sixteen random bytes as text."""
        return _text(secrets.token_bytes(kdf.SALT_BYTES))

    def encode(self, password: str, salt: str) -> str:
        """The stored form."""
        return _split(password, _raw(salt), kdf.cost()).stored

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts of the stored form."""
        algorithm, cost, salt, verifier = encoded.split("$")
        return {"algorithm": algorithm, "hash": verifier, "salt": salt, "cost": cost}

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the passphrase."""
        return opened(password, encoded) is not None

    def must_update(self, encoded: str) -> bool:
        """Never by Django alone: a new salt needs a new wrap of the key pair (see ``actions.people``)."""
        return False

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """What may be shown of it."""
        parts = self.decode(encoded)
        return {_("algorithm"): parts["algorithm"], _("hash"): mask_hash(parts["hash"])}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to even out: every check makes the one call."""


def _split(password: str, salt: bytes, cost: kdf.Cost) -> Split:
    root = kdf.root_from_password(passphrase.tidy(password), salt, cost)
    verifier = _text(userkeys.verifier_from_root(root))
    return Split(f"{ALGORITHM}${cost}${_text(salt)}${verifier}", userkeys.kek_from_root(root))


def _parts(stored: str) -> tuple[kdf.Cost, bytes, str]:
    _algorithm, cost, salt, verifier = stored.split("$")
    return kdf.Cost.parse(cost), _raw(salt), verifier


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
