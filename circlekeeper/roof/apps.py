"""Start-up of the whole house."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from circlekeeper.foundation import guard


class RoofConfig(AppConfig):
    """Runs last of all apps (see INSTALLED_APPS)."""

    name = "circlekeeper.roof"

    def ready(self) -> None:
        connection_created.connect(guard.install, dispatch_uid="circlekeeper-guard")
        from circlekeeper import wiring

        wiring.install()
