"""What a signed-in person can open, for as long as they are signed in."""

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import SealedBox
from nacl.signing import VerifyKey

from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.groupkeys import WHOLE, Scope
from circlekeeper.foundation.vault.models import Grant, PersonKey
from circlekeeper.foundation.vault.records import ScopeKey
from circlekeeper.foundation.vault.userkeys import UserSecret


class NoGrant(Exception):
    """This person was not given what it takes to open that."""


class KeyRing:
    """A person's opened grants; each is fetched, checked and opened once a request."""

    def __init__(self, secret: UserSecret) -> None:
        self.person_id = secret.person_id
        self.secret = secret
        self._opened: dict[str, dict[str, tuple[int, bytes]]] = {}

    def sign(self, message: bytes) -> bytes:
        """Sign as this person."""
        return self.secret.signing.sign(message).signature

    def can(self, group_id: str, scope: Scope) -> bool:
        """Whether this person can open that scope."""
        grants = self._grants(group_id)
        return WHOLE in grants or scope.value in grants

    def scope_key(self, group_id: str, scope: Scope) -> ScopeKey:
        """The key pair of one scope.

        :raises NoGrant: this person does not hold it.
        """
        version, secret = self._scope(group_id, scope)
        return ScopeKey(group_id, scope.value, version, secret)

    def scope_secret(self, group_id: str, scope: Scope) -> bytes:
        """The secret of one scope, for granting it on."""
        return self._scope(group_id, scope)[1]

    def group_secret(self, group_id: str) -> bytes:
        """The secret of the whole group, for granting it on.

        :raises NoGrant: this person holds a part at most.
        """
        grants = self._grants(group_id)
        if WHOLE not in grants:
            raise NoGrant
        return grants[WHOLE][1]

    def _scope(self, group_id: str, scope: Scope) -> tuple[int, bytes]:
        grants = self._grants(group_id)
        if WHOLE in grants:
            version, secret = grants[WHOLE]
            return version, groupkeys.scope_secret(secret, scope)
        if scope.value not in grants:
            raise NoGrant
        return grants[scope.value]

    def _grants(self, group_id: str) -> dict[str, tuple[int, bytes]]:
        if group_id not in self._opened:
            rows = Grant.objects.filter(group_id=group_id, person_id=self.person_id, revoked_at__isnull=True)
            found = list(rows.order_by("version"))
            keys = PersonKey.objects.filter(pk__in={row.granted_by for row in found})
            signers = {pk: VerifyKey(bytes(key)) for pk, key in keys.values_list("pk", "sign_public")}
            self._opened[group_id] = {
                row.scope: (row.version, self._open(row)) for row in found if _signed(row, signers)
            }
        return self._opened[group_id]

    def _open(self, row: Grant) -> bytes:
        try:
            return SealedBox(self.secret.private).decrypt(bytes(row.sealed))
        except CryptoError:
            raise NoGrant from None


def _signed(row: Grant, signers: dict[str, VerifyKey]) -> bool:
    if row.granted_by == row.person_id and not row.signature:
        return True  # the group's maker granting to themselves
    signer = signers.get(row.granted_by)
    if signer is None:
        return False
    message = groupkeys.grant_message(row.group_id, row.person_id, row.scope, row.version, bytes(row.sealed))
    try:
        signer.verify(message, bytes(row.signature))
    except (BadSignatureError, ValueError):
        return False
    return True
