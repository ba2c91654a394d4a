"""Sends the shred store's tables to their own database and everything else to the main one."""

from typing import Any

SHRED_APP = "vault_shred"


class ShredRouter:
    """Django database router."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Where a model is read."""
        return "shred" if model._meta.app_label == SHRED_APP else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """No relation crosses the two stores."""
        return bool((one._meta.app_label == SHRED_APP) == (other._meta.app_label == SHRED_APP))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Each store holds its own tables only."""
        return (app_label == SHRED_APP) == (db == "shred")
