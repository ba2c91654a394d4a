"""Who writes the certificate when somebody is forgotten at their own wish. ``wiring.py`` names the room that does."""

from collections.abc import Callable, Collection
from datetime import datetime

Certifier = Callable[..., str]
_certifiers: list[Certifier] = []


def install(certifier: Certifier) -> None:
    """Name the certifier, called as ``certifier(by=, group_id=, secrets=, now=)``; it returns the certificate's number."""
    _certifiers[:] = [certifier]


def certify(*, by: str, group_id: str, secrets: Collection[str], now: datetime) -> str:
    """Certify that these secrets are gone; the number of the certificate, empty where nobody writes any."""
    return _certifiers[0](by=by, group_id=group_id, secrets=secrets, now=now) if _certifiers and secrets else ""
