"""The second factor: codes from an authenticator app that work once, spare codes, passkeys."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe

# One period back and one ahead: clocks of phones are a little off (RFC 6238, 5.2).
_SKEW = (0, -1, 1)
LAST_COUNTER = "last_counter"

_whose: ContextVar[str] = ContextVar("circlekeeper_secrets_of", default="")


@contextmanager
def secrets_of(person_id: str) -> Iterator[None]:
    """Within this block the MFA adapter seals and opens secrets of this person; those of others do not open."""
    token = _whose.set(person_id)
    try:
        yield
    finally:
        _whose.reset(token)


def whose_secrets() -> str:
    """The person of the running ``secrets_of`` block, or an empty string."""
    return _whose.get()


def code_fits(secret: str, code: str) -> int | None:
    """The counter of the period this code belongs to, or None if it is not a code of now."""
    now = int(time.time()) // int(app_settings.TOTP_PERIOD)
    for skew in _SKEW:
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, now + skew))):
            return now + skew
    return None


def use_code(person_id: str, code: str) -> Authenticator | None:
    """Accept a code from the person's app or one of their spare codes, once; returns what it came from.

    A code of the app is refused if it, or a later one, was used before (RFC 6238, 5.2).
    """
    with transaction.atomic(), secrets_of(person_id):
        rows = Authenticator.objects.select_for_update().filter(user_id=person_id)
        # The app first: a spare code must not be spent on a typing error that happens to fit.
        for row in sorted(rows, key=lambda each: each.type != Authenticator.Type.TOTP):
            if row.type == Authenticator.Type.TOTP and _use_totp(row, code):
                return row
            if row.type == Authenticator.Type.RECOVERY_CODES and row.wrap().validate_code(code):
                return row
    return None


def picture(address: str) -> SafeString:
    """A QR code as SVG to put into the page itself; our content policy allows no ``data:`` image."""
    # Here and not above: few processes ever draw one.
    import segno  # noqa: PLC0415

    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, scale=5, border=4, light="#fff", dark="#000"
    )
    # segno writes numbers and colours only; the address is in the squares.
    return mark_safe(out.getvalue().decode())  # noqa: S308


def grouped(secret: str) -> str:
    """The secret in groups of four letters, to type by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def issuer() -> str:
    """What the person's app calls us: the host name and nothing about what happens here."""
    return str(settings.PUBLIC_URL).split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]


def _use_totp(row: Authenticator, code: str) -> bool:
    counter = code_fits(decrypt(row.data["secret"]), code)
    if counter is None or counter <= row.data.get(LAST_COUNTER, -1):
        return False
    row.data[LAST_COUNTER] = counter
    row.save(update_fields=["data"])
    return True
