"""What no table of ours or of a framework may hold, after everything that accounts can do."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import argon2.low_level
import pytest
import time_machine
from django.core import checks
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, RequestFactory, override_settings
from django.urls import get_resolver

from circlekeeper.foundation import clock, lifecycle
from circlekeeper.foundation.accounts import models, start_checks, throttle
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE, sign_in
from circlekeeper.foundation.vault import kdf

ADDRESS, AGENT = "203.0.113.77", "Mozilla/5.0 (TellTale 9)"


def everything_stored():
    """Every value of every table of the main database, as one text."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            found.extend(f"{table}: {row!r}" for row in cursor.fetchall())
    return "\n".join(found)


@pytest.mark.django_db
def test_no_address_agent_secret_or_token_is_in_any_table_or_log(caplog):
    caplog.set_level(logging.DEBUG)
    wren = factories.person("wren")
    client = Client(REMOTE_ADDR=ADDRESS, headers={"user-agent": AGENT})
    client.post("/sign-in/", {"login": "wren@example.org", "password": "a passphrase that is wrong"})
    sign_in(client, wren)
    client.get("/account/factor/passkey/")
    client.post("/account/kit/check/", {"words": "wrong words"})
    client.post("/confirm/", {"code": "000000"})
    cookies = [morsel.value for morsel in client.cookies.values() if morsel.value]
    stored = everything_stored()

    assert "accounts_opensession" in stored
    assert "circlekeeper_cache" in stored
    never = [
        ADDRESS,
        "203.0.113",
        AGENT,
        "TellTale",
        "example.org",
        PASSPHRASE,
        wren.app_secret,
        wren.kit,
        *cookies,
    ]
    for text in never:
        assert text not in stored
        assert text not in caplog.text
    assert "wren" not in caplog.text


@pytest.mark.django_db
def test_a_secret_that_is_being_set_up_is_not_in_the_database():
    factories.person("finch", factor=False)
    client = factories.browser()
    client.post("/sign-in/", {"login": "finch", "password": PASSPHRASE})
    secret = client.get("/account/factor/app/").context["secret"].replace(" ", "")
    assert client.session["mfa.totp.secret"] == secret
    assert secret not in everything_stored()


@pytest.mark.django_db
def test_where_a_request_comes_from_is_a_hash_that_changes_with_the_day():
    request = RequestFactory().get("/", REMOTE_ADDR=ADDRESS)
    today = throttle.address_hash(request)
    assert today == throttle.address_hash(request)
    assert ADDRESS not in today
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert throttle.address_hash(request) != today
    cache.clear()
    assert throttle.address_hash(request) != today, "without the day's salt nobody can make the hash again"


@pytest.mark.django_db
def test_a_home_with_many_addresses_counts_as_one():
    one, other, far = (
        throttle.address_hash(RequestFactory().get("/", REMOTE_ADDR=address))
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )
    assert one == other != far
    assert throttle.address_hash(RequestFactory().get("/", REMOTE_ADDR=""))


@pytest.mark.django_db
def test_limits_of_other_rooms_count_per_address_and_per_key():
    request = RequestFactory().post("/", REMOTE_ADDR=ADDRESS)
    tries = [throttle.allowed(request, action="test.form", rate="3/h/ip", key=None) for _ in range(4)]
    assert tries == [True, True, True, False]
    elsewhere = RequestFactory().post("/", REMOTE_ADDR="203.0.113.78")
    assert throttle.allowed(elsewhere, action="test.form", rate="3/h/ip")


def test_every_table_says_how_it_dies_and_none_has_a_column_for_an_address():
    ours = [models.Person, models.Role, models.Invitation, models.OpenSession]
    assert all(model in lifecycle.declared() for model in ours)
    names = {field.name for model in ours for field in model._meta.get_fields()}
    assert not {"email", "ip", "ip_address", "user_agent", "first_name", "last_name", "last_login"} & names


def test_every_page_says_who_may_open_it():
    def views(patterns):
        for entry in patterns:
            if hasattr(entry, "url_patterns"):
                yield from views(entry.url_patterns)
            elif "accounts" in entry.callback.__module__ or "allauth" in entry.callback.__module__:
                yield entry.callback

    found = list(views(get_resolver().url_patterns))
    assert len(found) >= 24
    assert all(hasattr(view, "page_rule") for view in found)


def test_settings_that_weaken_a_sign_in_are_refused():
    assert [fault.id for fault in start_checks.sign_in_is_safe(None)] == []
    with override_settings(
        MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True, PUBLIC_URL="https://x.example.org", HTTPS=True
    ):
        assert [fault.id for fault in start_checks.sign_in_is_safe(None)] == ["accounts.E001"]
    with override_settings(
        MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=False, PUBLIC_URL="http://x.example.org", HTTPS=False
    ):
        (fault,) = start_checks.sign_in_is_safe(None)
        assert (fault.id, fault.level) == ("accounts.W002", checks.WARNING)


@pytest.mark.django_db(transaction=True, databases=["default", "shred"])
@pytest.mark.slow
def test_sixty_four_people_sign_in_at_once_and_two_derivations_run_at_a_time(monkeypatch):
    someone = [factories.person(f"bird{number}") for number in range(64)]
    running: list[int] = []
    most: list[int] = []
    derive = argon2.low_level.hash_secret_raw

    def counted(**kwargs):
        running.append(1)
        most.append(len(running))
        try:
            return derive(**kwargs)
        finally:
            running.pop()

    monkeypatch.setattr(argon2.low_level, "hash_secret_raw", counted)

    def arrive(person):
        try:
            client = factories.browser()
            sign_in(client, person)
            return client.get("/account/").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(arrive, someone))

    assert answers == [200] * 64
    assert max(most) <= 2


@pytest.mark.django_db
def test_when_too_many_sign_in_one_is_asked_to_wait_and_nothing_breaks(monkeypatch):
    wren = factories.person("wren")

    def busy(*args, **kwargs):
        raise kdf.Busy

    monkeypatch.setattr(kdf, "root_from_password", busy)
    page = factories.browser().post("/sign-in/", {"login": "wren", "password": wren.passphrase})
    assert page.status_code == 422
    assert b"Many people are signing in" in page.content
