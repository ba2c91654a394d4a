"""Passphrase, second factor, keys behind a cookie, and the way out."""

import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import UpdateError
from django.test import RequestFactory

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, cookies, factors, queries, sessionstore, who
from circlekeeper.foundation.accounts.models import OpenSession, Person
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE, browser, ring_of, sign_in, who_of
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.permissions import Permission, RoleName
from circlekeeper.foundation.vault import kdf, sessions
from circlekeeper.foundation.vault.models import KeySession

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_passphrase_and_code(client, wren):
    assert client.get("/account/").headers["Location"] == "/sign-in/?next=%2Faccount%2F"
    sign_in(client, wren)

    asked = who_of(client)
    assert (asked.kind, asked.id, asked.has_factor) == ("person", wren.id, True)
    assert ring_of(client).person_id == wren.id
    assert client.get("/sign-in/").headers["Location"] == "/"


def test_one_goes_on_where_one_was_going_and_never_to_another_host(client, wren):
    client.post("/sign-in/?next=/account/passphrase/", {"login": "wren", "password": PASSPHRASE})
    assert client.post("/sign-in/factor/", {"code": wren.code()}).headers["Location"] == "/account/passphrase/"
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org"):
        here = browser()
        here.post(f"/sign-in/?next={elsewhere}", {"login": "wren", "password": PASSPHRASE})
        with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
            answer = here.post("/sign-in/factor/", {"code": wren.code()})
            assert answer.headers.get("Location") == "/", answer.content
        Authenticator.objects.filter(user_id=wren.id, type="totp").update(
            data=Authenticator.objects.get(user_id=wren.id, type="totp").data | {"last_counter": 0}
        )


def test_the_keys_cookie_opens_nothing_before_the_second_factor(client, wren):
    client.post("/sign-in/", {"login": "wren", "password": PASSPHRASE})

    assert cookies.keys_name() in client.cookies
    asked = who_of(client)
    assert (asked.kind, asked.ring) == ("nobody", None)


def test_cookies_are_out_of_reach_and_end_with_the_browser(client, wren):
    sign_in(client, wren)
    for name in (cookies.keys_name(), settings.SESSION_COOKIE_NAME):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert not cookie["max-age"]
        assert not cookie["expires"]
        assert cookie["path"] == "/"


def test_unknown_and_known_names_look_the_same(wren, monkeypatch):
    spent: list[str] = []
    derive = kdf.root_from_password

    def counted(password, salt, cost):
        spent.append(str(cost))
        return derive(password, salt, cost)

    monkeypatch.setattr(kdf, "root_from_password", counted)
    pages = [
        browser().post("/sign-in/", {"login": name, "password": "not the right passphrase"})
        for name in ("wren", "nobody-by-this-name")
    ]

    known, unknown = (page.content.decode().replace("nobody-by-this-name", "wren") for page in pages)
    strip = lambda text: [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]  # noqa: E731
    assert strip(known) == strip(unknown)
    assert [page.status_code for page in pages] == [422, 422]
    assert len(spent) == 2
    assert spent[0] == spent[1]


def test_a_closed_account_looks_like_none(wren):
    actions.suspend(by="system", person_id=wren.id, now=clock.now())

    page = browser().post("/sign-in/", {"login": "wren", "password": PASSPHRASE})

    assert page.status_code == 422
    assert b"The name or the passphrase is not right" in page.content


def test_closing_an_account_ends_its_sessions_and_roles_at_once(signed_in, wren):
    actions.grant_role(by=wren.id, person_id=wren.id, place="g1", role=RoleName.LEADER, now=clock.now())
    actions.suspend(by="system", person_id=wren.id, now=clock.now())

    assert signed_in.get("/account/").status_code == 302
    assert who_of(signed_in).kind == "nobody"
    assert queries.roles_of(wren.id) == {}


def test_too_many_tries_on_one_name_are_stopped_from_anywhere(wren):
    for _ in range(5):
        browser().post("/sign-in/", {"login": "wren", "password": "not the right passphrase"})

    page = browser().post("/sign-in/", {"login": "wren", "password": PASSPHRASE})

    assert page.status_code == 422
    assert b"Too many tries" in page.content


def test_too_many_codes_are_stopped(client, wren):
    client.post("/sign-in/", {"login": "wren", "password": PASSPHRASE})
    for _ in range(5):
        client.post("/sign-in/factor/", {"code": "000000"})
    assert b"Too many tries" in client.post("/sign-in/factor/", {"code": wren.code()}).content


@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_a_code_works_once_though_clocks_may_be_a_little_off(wren, ahead):
    code = wren.code(ahead)
    for _ in range(2):
        here = browser()
        here.post("/sign-in/", {"login": "wren", "password": PASSPHRASE})
        answer = here.post("/sign-in/factor/", {"code": code})
    assert answer.status_code == 422
    assert b"Each code works once" in answer.content


def test_an_older_code_is_refused_after_a_newer_one(wren):
    sign_in(browser(), wren, ahead=1)
    here = browser()
    here.post("/sign-in/", {"login": "wren", "password": PASSPHRASE})
    assert here.post("/sign-in/factor/", {"code": wren.code(0)}).status_code == 422


def test_a_spare_code_stands_in_for_the_phone_once(wren):
    with factors.secrets_of(wren.id):
        spare = Authenticator.objects.get(user_id=wren.id, type="recovery_codes").wrap().get_unused_codes()[0]
    statuses = []
    for _ in range(2):
        here = browser()
        here.post("/sign-in/", {"login": "wren", "password": PASSPHRASE})
        statuses.append(here.post("/sign-in/factor/", {"code": spare}).status_code)
    assert statuses == [302, 422]


def test_tec11_who_has_no_second_factor_sees_only_the_pages_that_set_one_up(client):
    someone = factories.person("finch", factor=False)
    client.post("/sign-in/", {"login": "finch", "password": PASSPHRASE})
    actions.grant_role(
        by=someone.id, person_id=someone.id, place="machine", role=RoleName.ADMINISTRATOR, now=clock.now()
    )

    for closed in (
        "/account/",
        "/account/passphrase/",
        "/account/spare-codes/",
        "/account/kit/",
        "/confirm/",
        "/today/",
    ):
        assert client.get(closed).headers["Location"].startswith("/account/factor/"), closed
    for still_open in ("/account/factor/", "/account/factor/app/", "/account/factor/passkey/", "/help-now/"):
        assert client.get(still_open).status_code == 200, still_open
    assert client.get("/").headers["Location"] == "/account/factor/"
    assert not who_of(client, "/help-now/").can(Permission.MACHINE_RUN)


def test_nobody_who_only_visits_is_asked_for_anything(client):
    assert client.get("/help-now/").status_code == 200
    assert client.get("/leaving/").status_code == 200


def test_a_visitor_costs_no_query(client, django_assert_num_queries):
    request = client.get("/help-now/").wsgi_request
    with django_assert_num_queries(0):
        assert request.who.kind == "nobody"
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_finding_out_who_is_signed_in_costs_two_queries_and_roles_one_more(signed_in, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in signed_in.cookies.items()}
    request.session = sessionstore.SessionStore(request.COOKIES[settings.SESSION_COOKIE_NAME])
    request.user = get_user(request)  # session and person
    with django_assert_num_queries(0):
        found = who.of(request)
    with django_assert_num_queries(1):
        found.can(Permission.GROUP_SEE, "g1")
        found.can(Permission.ROSTER_OPEN, "g1")
    with django_assert_num_queries(1):
        assert found.ring is not None


def test_signing_out_kills_session_and_keys_and_clears_the_browser(signed_in, wren):
    session_cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    keys_cookie = signed_in.cookies[cookies.keys_name()].value
    assert signed_in.get("/sign-out/").status_code == 200
    assert who_of(signed_in).kind == "person"

    answer = signed_in.post("/sign-out/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert signed_in.cookies[cookies.keys_name()].value == ""
    assert sessions.resume(keys_cookie, wren.id, clock.now()) is None
    assert not KeySession.objects.exists()
    thief = browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = session_cookie
    thief.cookies[cookies.keys_name()] = keys_cookie
    assert who_of(thief).kind == "nobody"


def test_keys_lock_after_half_an_hour_and_the_passphrase_opens_them(signed_in, wren):
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        locked = who_of(signed_in)
        assert (locked.kind, locked.ring) == ("person", None)
        assert signed_in.get("/account/kit/").headers["Location"] == "/unlock/?next=%2Faccount%2Fkit%2F"
        assert signed_in.post("/unlock/?next=/account/kit/", {"passphrase": "no"}).status_code == 422
        opened = signed_in.post("/unlock/?next=/account/kit/", {"passphrase": PASSPHRASE})
        assert opened.headers["Location"] == "/account/kit/"
        assert ring_of(signed_in).person_id == wren.id


def test_keys_of_one_person_never_open_for_another(signed_in):
    other = factories.person("finch")
    there = browser()
    sign_in(there, other)
    there.cookies[cookies.keys_name()] = signed_in.cookies[cookies.keys_name()].value
    assert who_of(there).ring is None


def test_a_stolen_database_opens_no_session(signed_in):
    row = OpenSession.objects.get()
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value

    assert cookie not in row.row_name
    assert b"_auth_user" not in bytes(row.sealed)
    for try_name in (row.row_name, cookie.upper()):
        assert sessionstore.SessionStore(try_name).load() == {}


def test_a_session_that_was_ended_elsewhere_does_not_come_back(signed_in, wren):
    store = sessionstore.SessionStore(signed_in.cookies[settings.SESSION_COOKIE_NAME].value)
    assert store.get("_auth_user_id") == wren.id
    with outside_action("test"):
        sessionstore.close_all(wren.id)
    store["anything"] = 1
    with pytest.raises(UpdateError):
        store.save()
    assert not OpenSession.objects.exists()


def test_sessions_end_by_themselves(signed_in):
    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False):
        assert who_of(signed_in).kind == "nobody"
        sessionstore.SessionStore.clear_expired()
        assert not OpenSession.objects.exists()


def test_a_machine_that_grew_stores_the_passphrase_at_its_new_cost(client, wren, monkeypatch):
    before = Person.objects.get(pk=wren.id).password
    monkeypatch.setattr("circlekeeper.foundation.vault.kdf.cost", lambda: kdf.Cost(128, 2))

    sign_in(client, wren)

    after = Person.objects.get(pk=wren.id).password
    assert before.split("$")[1] == "m=64,t=1,p=1"
    assert after.split("$")[1] == "m=128,t=2,p=1"
    assert who_of(client).ring is not None
    sign_in(browser(), wren, ahead=1)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/signup/",
        "/signup/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/password/reset/",
        "/accounts/email/",
        "/accounts/2fa/",
        "/accounts/social/signup/",
        "/admin/",
    ],
)
def test_what_we_do_not_have_has_no_address(client, path):
    assert client.get(path).status_code == 404


def test_another_spelling_of_a_handle_gets_no_tries_of_its_own(wren):
    spellings = ("wren", " WREN ", "\uff57ren", "w\uff52en", "wr\uff45n")
    for spelling in spellings:
        browser().post("/sign-in/", {"login": spelling, "password": "not it at all"})

    page = browser().post("/sign-in/", {"login": "wre\uff4e", "password": PASSPHRASE})

    assert page.status_code in (422, 429)
    assert b"Too many tries" in page.content


def test_signing_out_ends_a_members_session_of_the_same_browser_too(client, wren):
    token = sessions.open_session(
        subject="member:m1:g1", secret=b"0" * 16, idle=timedelta(minutes=30), now=clock.now()
    )
    client.cookies[cookies.member_name()] = token

    client.post("/sign-out/")

    assert not KeySession.objects.filter(subject="member:m1:g1").exists()


def test_what_few_processes_need_is_loaded_by_those_alone():
    asked = "import django; django.setup(); import circlekeeper.urls, sys; print({'zxcvbn', 'segno'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
