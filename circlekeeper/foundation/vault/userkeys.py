"""A person's own key pair: made at their first passphrase, opened by passphrase or recovery kit, by nobody else."""

from dataclasses import dataclass, field
from datetime import datetime

import nacl.utils
from django.db import transaction
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import envelope, kdf, keylog, words
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.models import PersonKey
from circlekeeper.foundation.vault.words import NotWords as NotAKit

__all__ = [
    "NotAKit",
    "RecoveryKit",
    "UserSecret",
    "change_kek",
    "confirm_kit",
    "fingerprint",
    "kek_from_root",
    "kit_confirmed",
    "made_at",
    "make_person_keys",
    "new_kit",
    "public_key",
    "renew_person_keys",
    "unlock_with_kek",
    "unlock_with_kit",
    "verifier_from_root",
]


@dataclass(frozen=True, slots=True)
class RecoveryKit:
    """Twelve words, printed once."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserSecret:
    """A person's opened secret: 32 bytes from which both their keys grow."""

    person_id: str
    value: bytes = field(repr=False)

    @property
    def private(self) -> PrivateKey:
        """For opening grants."""
        return PrivateKey(kdf.derive(self.value, "person-box"))

    @property
    def signing(self) -> SigningKey:
        """For signing grants."""
        return SigningKey(kdf.derive(self.value, "person-sign"))

    @property
    def publics(self) -> bytes:
        """The person's two public keys: X25519, then Ed25519, 64 bytes."""
        return bytes(self.private.public_key) + bytes(self.signing.verify_key)


def verifier_from_root(root: bytes) -> bytes:
    """The half of the root that is stored to compare passphrases with."""
    return kdf.derive(root, "verifier")


def kek_from_root(root: bytes) -> bytes:
    """The half of the root that opens the person's keys; never stored."""
    return kdf.derive(root, "key-encryption-key")


def _place(person_id: str, field: str) -> Place:
    return Place("vault_personkey", person_id, field, "-")


def _kit_kek(kit: str) -> bytes:
    return kdf.derive(words.parse(kit), "recovery-kit")


def make_person_keys(*, person_id: str, kek: bytes, now: datetime) -> RecoveryKit:
    """Make a person's keys and their recovery kit, and publish the public ones in the log.

    Called once, inside the action that makes the account. The kit is returned here and never again.
    """
    secret = UserSecret(person_id, nacl.utils.random(32))
    kit = RecoveryKit(words.as_words(words.fresh()))
    public, sign_public = secret.publics[:32], secret.publics[32:]
    with transaction.atomic():
        PersonKey.objects.create(
            person_id=person_id,
            public=public,
            sign_public=sign_public,
            wrapped_by_password=envelope.seal(kek, secret.value, _place(person_id, "password")),
            wrapped_by_kit=envelope.seal(_kit_kek(kit.words), secret.value, _place(person_id, "kit")),
            made_at=now,
        )
        keylog.publish(keylog.of_person(person_id, public, sign_public), by=person_id, now=now)
    return kit


@action("vault.person.renew")
def renew_person_keys(*, person_id: str, kek: bytes, now: datetime) -> UserSecret:
    """A new key pair in place of one that is lost or known to somebody else; returns the new secret.

    Grants sealed to the old pair open no more. A new kit is to be made and typed back: nobody has the words of this one.

    :raises NotHere: the person has no keys.
    """
    secret = UserSecret(person_id, nacl.utils.random(32))
    public, sign_public = secret.publics[:32], secret.publics[32:]
    unknown = nacl.utils.random(envelope.KEY_BYTES)
    changed = PersonKey.objects.filter(pk=person_id).update(
        public=public,
        sign_public=sign_public,
        wrapped_by_password=envelope.seal(kek, secret.value, _place(person_id, "password")),
        wrapped_by_kit=envelope.seal(unknown, secret.value, _place(person_id, "kit")),
        kit_confirmed_at=None,
        made_at=now,
    )
    if not changed:
        raise NotHere
    ledger.record(by=person_id, about=person_id, at=now)
    keylog.publish(keylog.of_person(person_id, public, sign_public), by=person_id, now=now)
    return secret


def made_at(person_ids: list[str]) -> dict[str, datetime]:
    """When the key pair of each of these people was made."""
    return dict(PersonKey.objects.filter(pk__in=person_ids).values_list("pk", "made_at"))


def _row(person_id: str) -> PersonKey:
    row = PersonKey.objects.filter(pk=person_id).first()
    if row is None:
        raise NotHere
    return row


def unlock_with_kek(person_id: str, kek: bytes) -> UserSecret:
    """Open a person's secret with the key their passphrase gave.

    :raises SealBroken: it is not theirs.
    """
    sealed = _row(person_id).wrapped_by_password
    return UserSecret(person_id, envelope.unseal(kek, sealed, _place(person_id, "password")))


def unlock_with_kit(person_id: str, kit: str) -> UserSecret:
    """Open a person's secret with the words of their kit.

    :raises NotAKit: the words are not a kit at all.
    :raises SealBroken: they are somebody else's, or an older kit's.
    """
    sealed = _row(person_id).wrapped_by_kit
    return UserSecret(person_id, envelope.unseal(_kit_kek(kit), sealed, _place(person_id, "kit")))


@action("vault.kit.confirm")
def confirm_kit(*, person_id: str, kit: str, now: datetime) -> None:
    """The person typed their kit back, so it exists outside this machine.

    :raises NotAKit: what was typed is not a kit.
    :raises SealBroken: it is not this person's.
    """
    unlock_with_kit(person_id, kit)
    PersonKey.objects.filter(pk=person_id).update(kit_confirmed_at=now)
    ledger.record(by=person_id, about=person_id, at=now)


@action("vault.kit.renew")
def new_kit(*, secret: UserSecret, now: datetime) -> RecoveryKit:
    """A new kit; the old one opens nothing from now on. It counts once it was typed back."""
    kit = RecoveryKit(words.as_words(words.fresh()))
    wrapped = envelope.seal(_kit_kek(kit.words), secret.value, _place(secret.person_id, "kit"))
    PersonKey.objects.filter(pk=secret.person_id).update(wrapped_by_kit=wrapped, kit_confirmed_at=None)
    ledger.record(by=secret.person_id, about=secret.person_id, at=now)
    return kit


@action("vault.passphrase.rewrap")
def change_kek(*, secret: UserSecret, kek: bytes, now: datetime) -> None:
    """Put a person's secret under the key of a new passphrase."""
    wrapped = envelope.seal(kek, secret.value, _place(secret.person_id, "password"))
    PersonKey.objects.filter(pk=secret.person_id).update(wrapped_by_password=wrapped)
    ledger.record(by=secret.person_id, about=secret.person_id, at=now)


def public_key(person_id: str) -> bytes:
    """A person's X25519 public key, to seal a grant to.

    :raises NotHere: they have no keys.
    :raises keylog.KeysChanged: the row does not hold the keys that were published when they were made.
    """
    row = _row(person_id)
    keylog.check(keylog.of_person(person_id, bytes(row.public), bytes(row.sign_public)))
    return bytes(row.public)


def kit_confirmed(person_ids: list[str]) -> dict[str, bool]:
    """Whose kit was typed back."""
    rows = PersonKey.objects.filter(pk__in=person_ids).values_list("pk", "kit_confirmed_at")
    return {pk: at is not None for pk, at in rows}


def fingerprint(person_id: str) -> str:
    """Four words of a person's public keys, to compare by voice before granting."""
    row = _row(person_id)
    digest = kdf.derive(bytes(row.public), "fingerprint", bytes(row.sign_public))
    return " ".join(words.as_words(digest[:16]).split()[:4])
