"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The append-only log."""

    name = "circlekeeper.foundation.ledger"
    label = "ledger"
