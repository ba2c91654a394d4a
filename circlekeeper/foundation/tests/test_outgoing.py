"""What goes out, to whom, and what is told when it fails."""

import logging
import socket
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from circlekeeper.foundation import outgoing
from circlekeeper.foundation.outgoing import Trouble, Unavailable
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

SECRET = "canary-9f3a"


def _trouble(url: str, method: str = "GET") -> Unavailable:
    with pytest.raises(Unavailable) as failure:
        outgoing.ask(method, url, headers={"Authorization": SECRET})
    return failure.value


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(outgoing, "TIMEOUT", httpx.Timeout(0.2))


def test_what_is_sent_arrives_and_what_comes_back_is_read():
    seen: list[Asked] = []

    def answer(asked: Asked) -> Said:
        seen.append(asked)
        return Said(201, b'{"id": 7}')

    with serving(answer) as there:
        back = outgoing.ask("POST", f"{there}/rooms?x=1", json={"name": "velvet"}, headers={"X-Key": "k"})

    assert back.ok
    assert back.json() == {"id": 7}
    clock = back.date()  # the other server's own
    assert clock
    assert abs(datetime.now(UTC) - clock) < timedelta(minutes=1)
    assert (seen[0].method, seen[0].path, seen[0].headers["x-key"]) == ("POST", "/rooms?x=1", "k")
    assert seen[0].body == b'{"name":"velvet"}'


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (Said(429), Trouble.BUSY),
        (Said(503), Trouble.BUSY),
        (Said(401), Trouble.NOT_ALLOWED),
        (Said(403), Trouble.NOT_ALLOWED),
        (Said(200, b"late", after=5), Trouble.TIMEOUT),
        (Said(200, b"x" * (outgoing.LONGEST_ANSWER + 1)), Trouble.NOT_UNDERSTOOD),
    ],
)
def test_each_way_of_failing_is_told_apart_in_words_for_people(quick, said, trouble):
    with serving(lambda asked: said) as there:
        failure = _trouble(f"{there}/{SECRET}")
    assert failure.trouble is trouble
    assert failure.sentence
    assert SECRET not in repr(failure) + failure.sentence


def test_nobody_there_and_nothing_that_is_json(quick):
    with serving(lambda asked: Said(200, b"<html>")) as there:
        with pytest.raises(Unavailable, match=Trouble.NOT_UNDERSTOOD):
            outgoing.ask("GET", there).json()
        gone = there
    assert _trouble(gone).trouble is Trouble.UNREACHABLE


def test_a_redirect_is_not_followed_and_nothing_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    hits: list[str] = []

    def answer(asked: Asked) -> Said:
        hits.append(asked.path)
        return Said(302, b"", {"Location": "/elsewhere"})

    with serving(answer) as there:
        assert outgoing.ask("GET", f"{there}/{SECRET}").status == 302
    assert hits == [f"/{SECRET}"]
    assert SECRET not in caplog.text
    assert "127.0.0.1" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "http://service.example/",
        "https://ada:pw@service.example/",
        "https://10.0.0.7/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://service.example:port/",
        "ftp://service.example/",
        "",
    ],
)
def test_an_address_of_this_network_or_without_tls_is_never_asked(settings, monkeypatch, url):
    settings.OWN_SERVICES = frozenset()
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_: [(0, 0, 0, "", (host.strip("[]"), port))])
    assert _trouble(url).trouble is Trouble.FORBIDDEN_ADDRESS


def test_a_public_name_that_leads_into_this_network_is_refused(settings, monkeypatch):
    settings.OWN_SERVICES = frozenset()
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_: [(0, 0, 0, "", ("192.168.1.1", port))])
    assert _trouble("https://meet.example.org/").trouble is Trouble.FORBIDDEN_ADDRESS
