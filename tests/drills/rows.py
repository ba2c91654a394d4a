"""How many rows each table of ours holds: what a drill may not change."""

from django.apps import apps
from django.db import router


def counted(*, but: frozenset[str] = frozenset()) -> dict[str, int]:
    """Rows per table, except those named, by ``app.Model``."""
    return {
        model._meta.label: model._default_manager.using(router.db_for_read(model)).count()
        for model in apps.get_models()
        if model.__module__.startswith("circlekeeper.") and model._meta.label not in but
    }


# Looking is logged, a session slides on, a right passphrase waits for its second factor: none is half of something.
BESIDE = frozenset({"ledger.Entry", "accounts.OpenSession", "vault.KeySession"})
