"""The server's own secrets: files beside the databases, never inside them."""

from functools import cache

from django.conf import settings

from circlekeeper.foundation import keyfile


@cache
def server_secret(name: str) -> bytes:
    """The 32 random bytes called ``name`` (pepper, mfa, ledger, worker …), made on first use.

    :raises ValueError: the file is damaged.
    """
    return keyfile.read_or_make(settings.DATA_DIR / "keys" / f"{name}.key")
