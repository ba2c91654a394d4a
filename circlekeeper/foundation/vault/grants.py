"""One grant: a secret sealed to one person, signed by whoever gave it, checked by whoever opens it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import VerifyKey

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import kdf, keylog, userkeys
from circlekeeper.foundation.vault.models import Grant, GroupKey
from circlekeeper.foundation.vault.scopes import WHOLE, Scope


class Signer(Protocol):
    """What signing a grant needs of the granter's key ring (``vault.ring.KeyRing``)."""

    person_id: str

    @property
    def publics(self) -> bytes:
        """The granter's two public keys, 64 bytes."""

    def sign(self, message: bytes) -> bytes:
        """A signature of the granter."""


def scope_secret(group_secret: bytes, scope: Scope) -> bytes:
    """One scope's X25519 private key, grown from the group's secret."""
    return kdf.derive(group_secret, "scope", scope.encode())


def public_of(secret: bytes) -> str:
    """The hexadecimal public key of one scope's secret."""
    return bytes(PrivateKey(secret).public_key).hex()


def publics_of(group_secret: bytes) -> dict[str, str]:
    """The public keys of every scope (scope -> hexadecimal)."""
    return {scope.value: public_of(scope_secret(group_secret, scope)) for scope in Scope}


def live(group_id: str) -> "QuerySet[Grant]":
    """The grants of a group that were not revoked."""
    return Grant.objects.filter(group_id=group_id, revoked_at__isnull=True)


def make(
    *, group: GroupKey, to: str, secrets: Mapping[str, bytes], signer: Signer | None, by: str, now: datetime
) -> None:
    """Seal secrets (by scope, or the whole group's) of one version to a person.

    Without ``signer`` it is the founding grant, to oneself; it counts because its secret fits the published keys.

    :raises NotHere: the person has no keys. :raises keylog.KeysChanged: their keys are not the published ones.
    """
    box = SealedBox(PublicKey(userkeys.public_key(to)))
    rows = []
    for scope, secret in secrets.items():
        sealed = box.encrypt(secret)
        message = _message(group.group_id, to, scope, group.version, sealed)
        rows.append(
            Grant(
                pk=new_id(),
                group_id=group.group_id,
                person_id=to,
                scope=scope,
                version=group.version,
                sealed=sealed,
                granted_by=by,
                granter_keys=signer.publics if signer else b"",
                signature=signer.sign(message) if signer else b"",
                granted_at=now,
            )
        )
    Grant.objects.bulk_create(rows)


def opened(rows: Iterable[Grant], *, group: GroupKey, private: PrivateKey) -> dict[str, bytes]:
    """The secrets of one person's grants of one version, by scope; a grant that is not what it says is left out."""
    keylog.check(keylog.of_group(group.group_id, group.version, group.publics))
    found = {}
    for row in rows:
        secret = _opened(row, private)
        if secret is not None and _fits(row.scope, secret, group) and _is_given(row):
            found[row.scope] = secret
    return found


def _opened(row: Grant, private: PrivateKey) -> bytes | None:
    try:
        return SealedBox(private).decrypt(bytes(row.sealed))
    except (CryptoError, ValueError, TypeError):
        return None


def _fits(scope: str, secret: bytes, group: GroupKey) -> bool:
    """Whether the secret is the one behind the published keys, so that nobody can slip in one of their own."""
    if len(secret) != kdf.KEY_BYTES:
        return False
    if scope == WHOLE:
        return bool(publics_of(secret) == group.publics)
    return bool(public_of(secret) == group.publics.get(scope))


def _is_given(row: Grant) -> bool:
    """Whether the granter's signature holds, with keys that the log knows as theirs."""
    if not row.signature:
        return row.granted_by == row.person_id and row.version == 1 and row.scope == WHOLE
    keys = bytes(row.granter_keys)
    message = _message(row.group_id, row.person_id, row.scope, row.version, bytes(row.sealed))
    try:
        VerifyKey(keys[32:]).verify(message, bytes(row.signature))
        keylog.check(keylog.of_person(row.granted_by, keys[:32], keys[32:]))
    except (BadSignatureError, ValueError, TypeError, keylog.KeysChanged):
        return False
    return True


def _message(group_id: str, person_id: str, scope: str, version: int, sealed: bytes) -> bytes:
    """What a granter signs."""
    head = f"circlekeeper grant\n{group_id}\n{person_id}\n{scope}\n{version}\n"
    return head.encode() + sealed
