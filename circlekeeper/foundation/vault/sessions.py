"""Secrets that live as long as a session: sealed under the cookie, of which the database has only a hash."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.vault import envelope, kdf
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.models import KeySession

LONGEST = timedelta(hours=12)
# How far the machine's clock may be set back under a running session.
_SKEW = timedelta(minutes=5)
_TOUCH_EVERY = timedelta(minutes=1)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(token: str) -> bytes:
    return kdf.derive(hashlib.sha256(b"key" + token.encode()).digest(), "session")


def _place(subject: str) -> Place:
    return Place("vault_keysession", subject, "sealed", "-")


def open_session(*, subject: str, secret: bytes, idle: timedelta, now: datetime) -> str:
    """Keep a secret for a session; returns the cookie's value (256 random bits), which is not kept.

    ``subject`` is a person's id, or ``member:<member id>:<group id>``.
    """
    token = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    with outside_action("key session"):
        KeySession.objects.create(
            token_hash=_hash(token),
            subject=subject,
            sealed=envelope.seal(_key(token), secret, _place(subject)),
            opened_at=now,
            used_at=now,
            idle_seconds=int(idle.total_seconds()),
        )
    return token


def resume(token: str, subject: str, now: datetime) -> bytes | None:
    """The secret of a running session of this subject; None if unknown, another's, idle too long, or over 12 hours old."""
    row = KeySession.objects.filter(token_hash=_hash(token), subject=subject).first()
    if row is None:
        return None
    if not _runs(row, now):
        close(token)
        return None
    if now - row.used_at > _TOUCH_EVERY:
        with outside_action("key session"):
            KeySession.objects.filter(pk=row.pk).update(used_at=now)
    try:
        return envelope.unseal(_key(token), row.sealed, _place(subject))
    except envelope.SealBroken:
        return None


def _runs(row: KeySession, now: datetime) -> bool:
    if row.used_at - now > _SKEW:
        return False  # a clock set back must not make a session longer
    return now - row.used_at <= timedelta(seconds=row.idle_seconds) and now - row.opened_at <= LONGEST


def subject_of(token: str) -> str | None:
    """Whose session this cookie belongs to, expired or not; None if there is none."""
    return KeySession.objects.filter(token_hash=_hash(token)).values_list("subject", flat=True).first()


def close(token: str) -> None:
    """End one session."""
    with outside_action("key session"):
        KeySession.objects.filter(token_hash=_hash(token)).delete()


def close_all(subject: str) -> int:
    """End every session of a subject; returns how many there were."""
    with outside_action("key session"):
        return KeySession.objects.filter(subject=subject).delete()[0]
