"""The shred store as an app, so that its tables can live in their own database."""

from django.apps import AppConfig


class ShredConfig(AppConfig):
    """See ``vault/router.py``."""

    name = "circlekeeper.foundation.vault.shred"
    label = "vault_shred"
