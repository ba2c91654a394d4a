"""People for tests, here and in rooms above."""

import itertools
import time
from dataclasses import dataclass

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, hasher
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.vault import userkeys
from circlekeeper.foundation.vault.ring import KeyRing

PASSPHRASE = "violet kettle harbour nineteen"
_addresses = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person with everything a test may need to be them."""

    id: str
    handle: str
    passphrase: str
    app_secret: str
    kit: str
    kek: bytes

    @property
    def ring(self) -> KeyRing:
        """Their opened keys."""
        return KeyRing(userkeys.unlock_with_kek(self.id, self.kek))

    def code(self, ahead: int = 0) -> str:
        """The code their app shows, ``ahead`` periods from now."""
        return code_of(self.app_secret, ahead)


def browser(address: str | None = None) -> Client:
    """A browser of its own, from an address of its own, so that limits of one test do not touch another."""
    return Client(REMOTE_ADDR=address or f"10.0.{next(_addresses) // 250}.{next(_addresses) % 250}")


def person(handle: str, *, factor: bool = True, kit: bool = True) -> Someone:
    """Make an account, by default with an app connected long ago and a checked kit."""
    now = clock.now()
    secret = hasher.split(PASSPHRASE)
    with outside_action("test factory"):
        made = Person.objects.create(handle=handle, password=secret.stored, joined_at=now)
        userkeys.make_person_keys(person_id=made.pk, kek=secret.kek, now=now)
    fresh = userkeys.new_kit(secret=userkeys.unlock_with_kek(made.pk, secret.kek), now=now)
    if kit:
        userkeys.confirm_kit(person_id=made.pk, kit=fresh.words, now=now)
    app_secret = totp.generate_totp_secret()
    if factor:
        actions.add_app(by=made.pk, secret=app_secret, counter=0, now=now)
    return Someone(made.pk, handle, PASSPHRASE, app_secret, fresh.words, secret.kek)


def code_of(secret: str, ahead: int = 0) -> str:
    """What an app with this secret shows, ``ahead`` periods from now."""
    return str(totp.format_hotp_value(totp.hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + ahead)))


def sign_in(client: Client, someone: Someone, *, ahead: int = 0) -> None:
    """Passphrase, then code."""
    first = client.post("/sign-in/", {"login": someone.handle, "password": someone.passphrase})
    assert first.headers["Location"] == "/sign-in/factor/", first.content
    second = client.post("/sign-in/factor/", {"code": someone.code(ahead)})
    assert second.status_code == 302, second.content


def who_of(client: Client, path: str = "/account/") -> Who:
    """The ``who`` of one request of this browser."""
    found: Who = client.get(path).wsgi_request.who  # type: ignore[attr-defined]
    return found


def ring_of(client: Client) -> KeyRing:
    """The open keys of this browser."""
    ring = who_of(client).ring
    assert ring is not None
    return ring
