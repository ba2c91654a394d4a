"""Checks a handle and a passphrase, and opens the person's keys with the one derivation that takes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.backends import BaseBackend
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, hasher, opening, queries
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.vault import userkeys


class PassphraseBackend(BaseBackend):
    """Django authentication backend. It also fetches whoever is signed in, with whether they have a second factor."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Person | None:
        """The person, with a key session opened on ``request``; None alike for an unknown handle and a wrong passphrase.

        :raises circlekeeper.foundation.vault.kdf.Busy: too many people sign in at this moment.
        """
        if not username or not password:
            return None
        person = queries.by_handle(username)
        if person is None:
            hasher.spend(password)
            return None
        kek = hasher.opened(password, person.password)
        if kek is None or not person.is_active:
            return None
        if request is not None:
            opening.open_keys(request, _secret(person, password, kek), now=clock.now())
        return person

    def get_user(self, user_id: Any) -> Person | None:
        """The signed-in person; ``has_factor`` comes with the same query."""
        factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=queries.REAL_FACTORS)
        return Person.objects.filter(pk=user_id, is_active=True).annotate(has_factor=Exists(factor)).first()


def _secret(person: Person, password: str, kek: bytes) -> userkeys.UserSecret:
    secret = userkeys.unlock_with_kek(person.pk, kek)
    if hasher.is_outdated(person.password):
        # The machine got bigger or smaller: store the passphrase at today's cost while we have it.
        fresh = hasher.split(password)
        actions.renew_passphrase(opened=secret, secret=fresh, now=clock.now())
        person.password = fresh.stored
    return secret
