"""What a signed-in person can open, for as long as they are signed in."""

from dataclasses import dataclass, field

from circlekeeper.foundation.vault import grants, groupkeys
from circlekeeper.foundation.vault.envelope import SealBroken
from circlekeeper.foundation.vault.models import GroupKey
from circlekeeper.foundation.vault.records import ScopeKey
from circlekeeper.foundation.vault.scopes import WHOLE, Scope
from circlekeeper.foundation.vault.userkeys import UserSecret


class NoGrant(Exception):
    """This person was not given what it takes to open that."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a person holds of one group: secrets of the newest version by scope, and every version's public row."""

    secrets: dict[str, bytes] = field(repr=False)
    versions: tuple[GroupKey, ...]


class KeyRing:
    """A person's opened grants; each is fetched, checked and opened once a request.

    A grant counts if its secret fits the group's published keys and its granter's signature holds with keys that stand in
    the log; any other is as if it were not there.
    """

    def __init__(self, secret: UserSecret) -> None:
        self.person_id = secret.person_id
        self.secret = secret
        self._groups: dict[str, _Held] = {}
        self._keys: dict[tuple[str, Scope], ScopeKey] = {}

    @property
    def publics(self) -> bytes:
        """This person's two public keys: X25519, then Ed25519."""
        return self.secret.publics

    def sign(self, message: bytes) -> bytes:
        """Sign as this person."""
        return self.secret.signing.sign(message).signature

    def can(self, group_id: str, scope: Scope) -> bool:
        """Whether this person can open that scope."""
        secrets = self._held(group_id).secrets
        return WHOLE in secrets or scope.value in secrets

    def version(self, group_id: str) -> int:
        """Which version of a group's key this ring holds; 0 if the group has none."""
        versions = self._held(group_id).versions
        return versions[0].version if versions else 0

    def scope_key(self, group_id: str, scope: Scope) -> ScopeKey:
        """The key pair of one scope, with those it replaced.

        :raises NoGrant: this person does not hold it.
        :raises keylog.KeysChanged: the group's public keys are not the published ones.
        """
        known = self._keys.get((group_id, scope))
        if known is None:
            known = self._keys[group_id, scope] = self._scope_key(group_id, scope)
        return known

    def scope_secret(self, group_id: str, scope: Scope) -> bytes:
        """The secret of one scope, for granting it on.

        :raises NoGrant: as ``scope_key``.
        """
        secrets = self._held(group_id).secrets
        if WHOLE in secrets:
            return grants.scope_secret(secrets[WHOLE], scope)
        if scope.value not in secrets:
            raise NoGrant
        return secrets[scope.value]

    def group_secret(self, group_id: str) -> bytes:
        """The secret of the whole group, for granting it on.

        :raises NoGrant: this person holds a part at most.
        """
        secrets = self._held(group_id).secrets
        if WHOLE not in secrets:
            raise NoGrant
        return secrets[WHOLE]

    def _scope_key(self, group_id: str, scope: Scope) -> ScopeKey:
        secret = self.scope_secret(group_id, scope)
        versions = self._held(group_id).versions
        older, at = [], secret
        for newer, before in zip(versions, versions[1:], strict=False):
            try:
                at = groupkeys.older_secret(newer, scope, at)
            except SealBroken:
                break  # records under keys before this do not open; those after it still do
            older.append(ScopeKey(group_id, scope.value, before.version, at))
        return ScopeKey(group_id, scope.value, versions[0].version, secret, tuple(older))

    def _held(self, group_id: str) -> _Held:
        found = self._groups.get(group_id)
        if found is None:
            found = self._groups[group_id] = self._fetched(group_id)
        return found

    def _fetched(self, group_id: str) -> _Held:
        versions = tuple(GroupKey.objects.filter(group_id=group_id).order_by("-version"))
        if not versions:
            return _Held({}, ())
        rows = grants.live(group_id).filter(person_id=self.person_id, version=versions[0].version)
        secrets = grants.opened(rows, group=versions[0], private=self.secret.private) if rows else {}
        return _Held(secrets, versions)
