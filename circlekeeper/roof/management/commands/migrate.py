"""Django's own ``migrate``, allowed past the write guard: it moves rows when SQLite has to rebuild a table."""

from typing import Any

from django.core.management.commands import migrate

from circlekeeper.foundation import guard


class Command(migrate.Command):
    """See Django's documentation; nothing is changed."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run Django's command."""
        with guard.outside_action("migrate"):
            super().handle(*args, **options)
