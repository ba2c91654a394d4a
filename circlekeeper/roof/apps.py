"""Start-up of the whole house."""

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from circlekeeper.foundation import guard, memo, stamps


class RoofConfig(AppConfig):
    """Runs last of all apps (see INSTALLED_APPS)."""

    name = "circlekeeper.roof"

    def ready(self) -> None:
        connection_created.connect(guard.install, dispatch_uid="circlekeeper-guard")
        from circlekeeper import wiring

        wiring.install()
        # The signal is sent once for each app with tables, after all of them were migrated; any one of them will do.
        last = apps.get_app_config("ledger")
        post_migrate.connect(_stamp_tables, sender=last, dispatch_uid="circlekeeper-stamps")


def _stamp_tables(*, using: str, **_signal: object) -> None:
    """Put the stamps (back) on the tables that pages remember; a migration may have made such a table anew."""
    if using == DEFAULT_DB_ALIAS:
        stamps.install(memo.stamped_tables())
