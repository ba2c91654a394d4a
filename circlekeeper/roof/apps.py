"""Start-up of the whole house."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from circlekeeper.foundation import guard


class RoofConfig(AppConfig):
    """Runs last of all apps (see INSTALLED_APPS)."""

    name = "circlekeeper.roof"

    def ready(self) -> None:
        connection_created.connect(guard.install, dispatch_uid="circlekeeper-guard")
        try:  # TEMP while rooms are half-written
            from circlekeeper import wiring
        except ImportError:
            return

        wiring.install()
