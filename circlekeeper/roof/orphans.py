"""Secrets of the shred store that no row names: what an action left that failed between its secret and its row.

They open nothing. But while they lie there, the store is larger than what we hold about people, and nobody can say why.
"""

from datetime import datetime

from circlekeeper.foundation import ledger, lifecycle
from circlekeeper.foundation.vault import shredstore

_NAME = "secret_id"


class NotTheSameDatabase(Exception):
    """The log is older than its last signed state, so rows may be missing that need their secrets. Nothing was destroyed."""


def reap(now: datetime) -> int:
    """The daily run; returns how many secrets were destroyed. The line in the log stands before they go.

    :raises NotTheSameDatabase: a backup was put back and not reconciled.
    :raises shredstore.TooManyOrphans: see there.
    """
    if ledger.rolled_back():
        raise NotTheSameDatabase
    found = shredstore.orphans(used=in_use(), now=now)
    if not found:
        return 0
    ledger.append_alone(by="system", about="shred-store", at=now, verb="vault.orphans.reap")
    return shredstore.shred(found, now=now)


def in_use() -> set[str]:
    """Every secret that a row of ours names, in whatever column (``secret_id``, ``address_secret_id``)."""
    found: set[str] = set()
    for model in lifecycle.declared():
        if model._meta.proxy:
            continue
        names = [field.attname for field in model._meta.concrete_fields if field.attname.endswith(_NAME)]
        for name in names:
            found |= set(model._base_manager.exclude(**{name: ""}).values_list(name, flat=True))
    return found - {None}
