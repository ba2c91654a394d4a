"""Quick exit: always leaves, ends what was open, tells the next site nothing."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from circlekeeper.foundation.accounts import cookies
from circlekeeper.foundation.vault import sessions as key_sessions
from circlekeeper.web import leaving


def test_leaving_without_cookies_goes_elsewhere_and_sets_none(client: Client) -> None:
    answer = client.get("/exit")

    assert answer.status_code == 303
    assert answer["Location"] == "https://www.bbc.co.uk/weather"
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies


@pytest.mark.django_db
def test_leaving_ends_the_session_on_the_server_and_drops_every_cookie(client: Client, settings: Any) -> None:
    sessions = import_module(settings.SESSION_ENGINE).SessionStore
    session = sessions()
    session["keys"] = "open"
    session.create()
    key = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    client.cookies["ck_left"] = "left over"

    answer = client.get("/exit")

    assert answer.status_code == 303
    assert not sessions().exists(key)
    for name in (settings.SESSION_COOKIE_NAME, "ck_left"):
        assert answer.cookies[name].value == ""
        assert answer.cookies[name]["max-age"] == 0


def test_a_host_cookie_is_dropped_the_way_its_prefix_demands(client: Client) -> None:
    client.cookies["__Host-ck_session"] = "x"

    dropped = client.get("/exit", secure=True).cookies["__Host-ck_session"]

    assert dropped["secure"]
    assert dropped["path"] == "/"
    assert not dropped["domain"]


@pytest.mark.django_db
def test_leaving_works_while_the_database_does_not(client: Client, settings: Any) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    sessions = import_module(settings.SESSION_ENGINE).SessionStore
    with mock.patch.object(sessions, "flush", side_effect=OperationalError("secret")):
        answer = client.get("/exit")

    assert answer.status_code == 303
    assert answer.cookies[settings.SESSION_COOKIE_NAME].value == ""


@pytest.mark.django_db(databases=["default", "shred"])
@pytest.mark.parametrize("name", [cookies.keys_name(), cookies.member_name()])
def test_leaving_closes_the_keys_of_this_browser_and_nobody_elses(client: Client, name: str) -> None:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    mine, other = (
        key_sessions.open_session(subject=subject, secret=b"s" * 32, idle=timedelta(minutes=30), now=now)
        for subject in ("one", "two")
    )
    client.cookies[name] = mine

    assert client.get("/exit").status_code == 303
    assert key_sessions.resume(mine, "one", now) is None
    assert key_sessions.resume(other, "two", now) == b"s" * 32


def test_leaving_works_when_the_page_itself_breaks(client: Client) -> None:
    client.raise_request_exception = False

    with mock.patch("circlekeeper.web.leaving.close_everything", side_effect=RuntimeError("secret")):
        answer = client.get("/exit")

    assert answer.status_code == 303
    assert answer["Clear-Site-Data"]


def test_a_guess_of_the_browser_does_not_sign_anyone_out(client: Client) -> None:
    answer = client.get("/exit", headers={"sec-purpose": "prefetch;prerender"})

    assert answer.status_code == 204
    assert "Clear-Site-Data" not in answer


@pytest.mark.parametrize(
    ("chosen", "lands"),
    [
        ("encyclopedia", "https://www.wikipedia.org/"),
        ("https://news.example.org/today", "https://news.example.org/today"),
        ("http://news.example.org/", leaving.PLACES["weather"]),
        ("javascript:alert(1)", leaving.PLACES["weather"]),
        ("", leaving.PLACES["weather"]),
    ],
)
def test_the_host_chooses_a_safe_place_from_a_short_list(
    client: Client, settings: Any, chosen: str, lands: str
) -> None:
    settings.LEAVE_TO = chosen

    assert client.get("/exit")["Location"] == lands


def test_the_page_about_leaving_is_honest(client: Client) -> None:
    text = client.get("/leaving/").content.decode()

    assert "www.bbc.co.uk" in text
    assert "still lists this site in its history" in text
    assert 'href="/exit"' in text
