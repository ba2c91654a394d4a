"""Sessions that a stolen database cannot open: named by a hash of the cookie, sealed under a key made from the cookie.

A session holds things that must not be read from a backup: a second-factor secret that is being set up, a challenge.
``SESSION_ENGINE`` names this module.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, router, transaction
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from circlekeeper.foundation import clock, guard, turns
from circlekeeper.foundation.accounts.models import OpenSession

_NAME, _SEAL = b"ck session name", b"ck session seal"


def row_name(cookie: str) -> str:
    """The name under which the session of this cookie is kept."""
    return hashlib.blake2b(cookie.encode(), digest_size=32, person=_NAME).hexdigest()


def close_all(person_id: str, *, but: str | None = None) -> int:
    """End every session of a person, except the one of cookie ``but``; returns how many. Call it inside an action."""
    rows = OpenSession.objects.filter(person_id=person_id)
    if but:
        rows = rows.exclude(row_name=row_name(but))
    return rows.delete()[0]


class SessionStore(SessionBase):
    """Django's session interface over ``OpenSession``. The asynchronous methods come from the base class."""

    def load(self) -> dict[str, Any]:
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        return self._unsealed(bytes(row.sealed))

    def exists(self, session_key: str | None = None) -> bool:
        return bool(session_key) and OpenSession.objects.filter(pk=row_name(str(session_key))).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        row = OpenSession(
            row_name=row_name(self.session_key),
            sealed=self._sealed(content),
            person_id=content.get(SESSION_KEY),
            expires_at=clock.now() + timedelta(seconds=self.get_expiry_age()),
        )
        using = router.db_for_write(OpenSession)
        try:
            with (
                guard.outside_action("a session is bookkeeping"),
                turns.turn(using),
                transaction.atomic(using=using),
            ):
                row.save(force_insert=must_create, force_update=not must_create, using=using)
        except IntegrityError as taken:
            if must_create:
                raise CreateError from taken
            raise
        except DatabaseError as gone:
            if not must_create:
                raise UpdateError from gone
            raise

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            with guard.outside_action("a session is bookkeeping"):
                OpenSession.objects.filter(pk=row_name(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        with guard.outside_action("a session is bookkeeping"):
            OpenSession.objects.filter(expires_at__lt=clock.now()).delete()

    def _row(self) -> OpenSession | None:
        if not self.session_key:
            return None
        return OpenSession.objects.filter(pk=row_name(self.session_key), expires_at__gt=clock.now()).first()

    def _sealed(self, content: dict[str, Any]) -> bytes:
        cookie = str(self.session_key)
        return bytes(_box(cookie).encrypt(json.dumps(content).encode(), row_name(cookie).encode()))

    def _unsealed(self, sealed: bytes) -> dict[str, Any]:
        cookie = str(self.session_key)
        try:
            content: dict[str, Any] = json.loads(_box(cookie).decrypt(sealed, row_name(cookie).encode()))
        except (CryptoError, ValueError):
            return {}
        return content


def _box(cookie: str) -> Aead:
    return Aead(hashlib.blake2b(cookie.encode(), digest_size=Aead.KEY_SIZE, person=_SEAL).digest())
