"""People who sign in, as a Django app."""

from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    """Accounts, roles and the second factor."""

    name = "circlekeeper.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        from circlekeeper.foundation.accounts import start_checks

        checks.register(start_checks.sign_in_is_safe, checks.Tags.security)
