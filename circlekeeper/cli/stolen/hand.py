"""The keys one person can derive: from their passphrase through their own pair to every grant they ever had."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.public import SealedBox

from circlekeeper.cli.stolen.loot import Loot, Row, opened
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.vault import grants, groupkeys
from circlekeeper.foundation.vault.envelope import Place, SealBroken
from circlekeeper.foundation.vault.models import GroupKey
from circlekeeper.foundation.vault.records import ScopeKey
from circlekeeper.foundation.vault.scopes import WHOLE, Scope
from circlekeeper.foundation.vault.userkeys import UserSecret

ScopeKeys = dict[tuple[str, str], list[ScopeKey]]


@dataclass(frozen=True, slots=True)
class Hand:
    """A person's opened secret and every scope key it leads to. ``live``: groups they still hold keys of."""

    secret: UserSecret | None = field(default=None, repr=False)
    keys: ScopeKeys = field(default_factory=dict, repr=False)
    live: frozenset[str] = frozenset()


class WrongPassphrase(Exception):
    """Nobody of this handle is in the loot, or the passphrase is not theirs."""


def of_person(handle: str, passphrase: str, loot: Iterable[Loot]) -> Hand:
    """Everything a passphrase gives, from every haul at once: also grants that were revoked, for rows can be read.

    :raises WrongPassphrase: it opens nothing.
    """
    hauls = list(loot)
    secret = next((found for haul in hauls if (found := _secret(haul, handle, passphrase))), None)
    if secret is None:
        raise WrongPassphrase
    keys: ScopeKeys = {}
    for haul in hauls:
        _add_grants(keys, haul, secret)
    held = [row for row in hauls[0].main.rows("vault_grant") if row["person_id"] == secret.person_id]
    live = frozenset(row["group_id"] for row in held if row["revoked_at"] is None)
    return Hand(secret, keys, live)


def _secret(haul: Loot, handle: str, passphrase: str) -> UserSecret | None:
    for person in haul.main.rows("accounts_person"):
        if person["handle"] != handle:
            continue
        kek = hasher.opened(passphrase, person["password"])
        for row in haul.main.rows("vault_personkey"):
            if kek and row["person_id"] == person["id"]:
                place = Place("vault_personkey", person["id"], "password", "-")
                value = opened(kek, row["wrapped_by_password"], place)
                if value:
                    return UserSecret(person["id"], value)
    return None


def _add_grants(keys: ScopeKeys, haul: Loot, secret: UserSecret) -> None:
    versions = haul.main.rows("vault_groupkey")
    for row in haul.main.rows("vault_grant"):
        if row["person_id"] != secret.person_id:
            continue
        try:
            granted = SealedBox(secret.private).decrypt(bytes(row["sealed"]))
        except (CryptoError, ValueError, TypeError):
            continue
        for scope in Scope if row["scope"] == WHOLE else (Scope(row["scope"]),):
            value = grants.scope_secret(granted, scope) if row["scope"] == WHOLE else granted
            _add(keys, row["group_id"], scope, row["version"], value, versions)


def _add(
    keys: ScopeKeys, group_id: str, scope: Scope, version: int, value: bytes, versions: Iterable[Row]
) -> None:
    """A scope key, and those it leads back to."""
    mine = keys.setdefault((group_id, scope.value), [])
    by_version = {row["version"]: row for row in versions if row["group_id"] == group_id}
    at: bytes | None = value
    while at is not None and version > 0:
        if all(key.value != at for key in mine):
            mine.append(ScopeKey(group_id, scope.value, version, at))
        at = _before(by_version.get(version), scope, at)
        version -= 1


def _before(row: Row | None, scope: Scope, newer: bytes) -> bytes | None:
    import json

    if row is None:
        return None
    previous = row["previous"]
    group = GroupKey(
        pk=row["id"],
        group_id=row["group_id"],
        version=row["version"],
        previous=json.loads(previous) if isinstance(previous, str) else previous,
    )
    try:
        return groupkeys.older_secret(group, scope, newer)
    except (SealBroken, ValueError):
        return None
