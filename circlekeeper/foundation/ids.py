"""Opaque identifiers: 128 random bits that say nothing about whom or what they name."""

import base64
import secrets

ID_LENGTH = 26


def new_id() -> str:
    """Return 26 lower-case letters and digits (base32 of 16 random bytes)."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
