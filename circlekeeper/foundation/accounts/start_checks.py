"""What must be right before anyone may sign in; ``manage.py check`` and start-up ask."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


def sign_in_is_safe(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse settings under which a second factor or a session would be weaker than it looks."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    found: list[checks.CheckMessage] = []
    if settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN and (settings.HTTPS or host != "localhost"):
        found.append(checks.Error("Passkeys from any origin are for http://localhost only.", id="accounts.E001"))
    if not settings.HTTPS and host not in ("localhost", "127.0.0.1", "::1"):
        found.append(
            checks.Warning("Without https nobody outside this machine can sign in safely.", id="accounts.W002")
        )
    if settings.AUTH_USER_MODEL != "accounts.Person":
        found.append(checks.Error("The account model is accounts.Person.", id="accounts.E003"))
    return found
