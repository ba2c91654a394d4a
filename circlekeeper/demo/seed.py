"""Everything a visitor of the demo types, grown from one fixed seed. None of it protects anything."""

import base64
import hashlib
import hmac

from circlekeeper.foundation.vault import words

_SEED = b"circlekeeper demo 1"
_PERIOD = 30


def _grown(kind: str, name: str, size: int) -> bytes:
    return hashlib.blake2b(f"{kind}:{name}".encode(), key=_SEED, digest_size=size).digest()


def passphrase(handle: str) -> str:
    """Four words."""
    return " ".join(words.as_words(_grown("passphrase", handle, 16)).split()[:4])


def app_secret(handle: str) -> str:
    """Sixteen letters and digits for an authenticator app (base32 of 80 bits, as in RFC 4226, 7.5)."""
    return base64.b32encode(_grown("app", handle, 10)).decode()


def app_code(handle: str, unix_seconds: float) -> str:
    """The six digits an app shows at that moment (RFC 6238)."""
    counter = int(unix_seconds) // _PERIOD
    mac = hmac.digest(base64.b32decode(app_secret(handle)), counter.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0xF
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def member_key(alias: str) -> str:
    """A member's key, in letters and digits."""
    return words.as_letters(_grown("member", alias, 16))
