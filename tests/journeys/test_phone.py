"""A group meets by phone: two callers, a host, somebody who guesses, somebody who forges (FMT13)."""

import logging
import re
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client

from circlekeeper import wiring
from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.actions import calling
from circlekeeper.areas.meetings.models import Arrival, Pin, Setup
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.conftest import as_host, at
from circlekeeper.areas.meetings.tests.factories import BEFORE, DAY, NOW, STARTS
from circlekeeper.connectors.phone.tests import fake
from circlekeeper.connectors.phone.tests.fake import FakePhone, Telephone
from circlekeeper.foundation.tests.webserver import Said

__all__ = ["as_host", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])
# The numbers people call from; they must be nowhere in this house afterwards.
WREN, ADDER, HOST = "+4915255501234", "+4915255505678", "+4915255509999"


@pytest.fixture
def server() -> Iterator[FakePhone]:
    with fake.running() as found:
        yield found


def _send(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    assert url.startswith(settings.PUBLIC_URL), "calls are led nowhere else"
    kind = "application/x-www-form-urlencoded"
    answer = Client().post(urlsplit(url).path, body, content_type=kind, headers=headers)
    return answer.status_code, answer.content


def _calls(server: FakePhone, number: str) -> Telephone:
    phone = Telephone(server, _send, f"CA{secrets.token_hex(16)}", number)
    phone.dial()
    return phone


def _plan(found: factories.Circle, server: FakePhone, host: Client) -> None:
    plan = {
        "format": "phone",
        "first_on": DAY.isoformat(),
        "local_time": "19:00",
        "minutes": "90",
        "every": "week",
    }
    answer = host.post(f"/groups/{found.id}/meetings/plan/", plan)
    assert answer.status_code == 422
    assert "Connect this service first" in answer.content.decode()
    entered = {
        "number": fake.NUMBER,
        "account_sid": fake.ACCOUNT,
        "auth_token": fake.TOKEN,
        "address": server.address,
    }
    answer = host.post(f"/groups/{found.id}/meetings/services/phone/", {"do": "connect", **entered})
    assert answer.status_code == 302, answer.content.decode()
    actions.end_series(by=found.leader.id, group_id=found.id, series_id=found.facts.series_id, now=BEFORE)
    answer = host.post(f"/groups/{found.id}/meetings/plan/", plan)
    assert answer.status_code == 302, answer.content.decode()
    found.meeting_id = queries.coming(group_ids=[found.id], now=NOW)[0].id


@pytest.fixture
def group(server: FakePhone, at: Any, as_host: Any) -> factories.Circle:
    """A group by phone with two members, its doors open."""
    cache.clear()
    wiring.install()
    found = factories.circle()
    _plan(found, server, as_host(found.leader))
    agreements.publish_all(by=found.leader.id, group_id=found.id, now=NOW)
    factories.join(found, "Wren")
    factories.join(found, "Adder")
    actions.look_at_due(now=NOW)
    factories.prepare(found)
    actions.open_doors(by=found.leader.id, now=NOW, **found.here)
    return found


def _digits(page: str) -> str:
    shown: str
    (shown,) = re.findall(r"<bdi dir=\"ltr\">([0-9]{4} [0-9]{4})</bdi>", page)
    return shown.replace(" ", "")


def _pin(found: factories.Circle, alias: str) -> tuple[str, str]:
    """A member's link, and the digits their door shows."""
    link = factories.token(found, alias)
    assert f"/m/{link}/call/" in Client().get(f"/m/{link}/").content.decode()
    page = Client().post(f"/m/{link}/call/").content.decode()
    assert f"tel:{fake.NUMBER}" in page
    return link, _digits(page)


def _waiting(found: factories.Circle) -> dict[str, str]:
    """Arrival by alias."""
    names = {member.id: alias for alias, member in found.members.items()}
    return {
        names[each.member_id]: each.id for each in queries.at_the_door(**found.here) if each.state == "waiting"
    }


def test_fmt13_two_callers_are_let_in_neither_sees_a_number_and_one_is_put_out(group, server, as_host, caplog):
    caplog.set_level(logging.DEBUG)
    host = as_host(group.leader)
    cockpit = f"/groups/{group.id}/meetings/{group.meeting_id}/"
    chair = _calls(server, HOST)
    chair.types(_digits(host.post(cockpit + "call/").content.decode()))
    assert chair.room["startConferenceOnEnter"] == "true"

    link, pin = _pin(group, "Wren")
    wren, adder = _calls(server, WREN), _calls(server, ADDER)
    assert "eight digits" in wren.said
    assert "group" not in wren.said.lower(), "whoever calls by chance learns nothing"
    wren.types(pin)
    adder.types(_pin(group, "Adder")[1])
    assert not wren.room
    assert "waiting room" in Client().get(f"/m/{link}/").content.decode()
    shown = host.get(cockpit).content.decode()
    assert {"Wren", "Adder"} <= set(re.findall(r"[A-Z][a-z]+", shown))

    for alias, arrival in _waiting(group).items():
        host.post(cockpit, {"do": "admit", "arrival": arrival})
        {"Wren": wren, "Adder": adder}[alias].stays()
    room = Setup.objects.get().room
    assert wren.room["name"] == adder.room["name"] == room
    assert wren.room["record"] == wren.room["record_of_call"] == "do-not-record"
    assert (wren.room["beep"], wren.room["waitUrl"]) == ("false", "")
    assert len(server.inside(room)) == 3
    assert Client().get(f"/m/{link}/in/")["Location"] == f"/m/{link}/", "nobody goes in by a browser"

    arrival = Arrival.objects.get(link__member_id=group.members["Adder"].id).pk
    assert host.post(cockpit, {"do": "remove", "arrival": arrival}).status_code == 302
    assert server.put_out == [adder.room["participantLabel"]]
    adder.stays()
    assert adder.over
    assert len(server.inside(room)) == 2
    wren.hangs_up()
    assert Arrival.objects.get(link__member_id=group.members["Wren"].id).state == "left"

    actions.close_meeting(by=group.leader.id, now=STARTS, **group.here)
    assert server.inside(room) == set()
    chair.stays()
    assert chair.over
    actions.clear_away(now=STARTS)
    assert server.calls == {}
    assert not Pin.objects.exists()
    _nowhere(caplog.text, shown)


def _nowhere(*said: str) -> None:
    """No caller's number, with or without its country, in any row, line of the log or page."""
    held = " ".join(said)
    for each in connections:
        with connections[each].cursor() as cursor:
            for table in connections[each].introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the name of our table
                held += repr(cursor.fetchall())
    assert "meetings.pin.take" in held, "the look finds what is there"
    for number in (WREN, ADDER, HOST):
        for form in (number, number[1:], "0" + number[3:]):
            assert form not in held
    assert fake.TOKEN not in held


def test_fmt13_a_pin_is_good_for_one_call_and_for_the_one_it_belongs_to(group, server):
    link, pin = _pin(group, "Wren")
    wren = _calls(server, WREN)
    keypad = wren._next
    wren.types(pin)
    assert "stay on the line" in wren.said
    # The service sends a request twice when our answer comes late; nothing is used up by that.
    assert b"stay on the line" in wren.post(keypad, Digits=pin)[1]
    other = _calls(server, ADDER)
    other.types(pin)
    assert "do not work" in other.said
    assert list(_waiting(group)) == ["Wren"]

    actions.admit(by=group.leader.id, group_id=group.id, arrival_id=_waiting(group)["Wren"], now=NOW)
    wren.stays()
    assert wren.room
    # Digits for somebody else's telephone: whoever is inside goes out, and a host lets in one.
    second = _digits(Client().post(f"/m/{link}/call/").content.decode())
    assert server.put_out == [wren.room["participantLabel"]]
    wren.stays()
    assert wren.over
    other.types(second)
    assert not other.room
    assert list(_waiting(group)) == ["Wren"]
    actions.admit(by=group.leader.id, group_id=group.id, arrival_id=_waiting(group)["Wren"], now=NOW)
    other.stays()
    room, label = other.room["name"], other.room["participantLabel"]
    actions.revoke_links(by="system", group_id=group.id, member_id=group.members["Wren"].id, now=NOW)
    server.spoiled = Said(429)
    actions.look_at_due(now=NOW)
    assert server.inside(room) == {label}
    server.spoiled = None
    actions.look_at_due(now=NOW)
    assert server.inside(room) == set(), "what failed is tried again"
    other.stays()
    assert other.over
    assert Client().post(f"/m/{link}/call/").status_code == 409


def test_fmt13_wrong_digits_are_borne_three_times_a_call_and_sixty_a_line(group, server, monkeypatch):
    _link, pin = _pin(group, "Wren")
    guess = _calls(server, ADDER)
    for wrong in ("00000000", "", "1"):
        guess.types(wrong if wrong != pin else "00000001")
    guess.types(pin)
    assert "Too many" in guess.said
    assert guess.over
    monkeypatch.setattr(calling, "WRONG_PER_LINE", 4)
    again = _calls(server, ADDER)
    again.types("00000002")
    again.types(pin)
    assert "Too many" in again.said
    assert _waiting(group) == {}


def test_fmt13_whoever_is_not_the_service_is_refused(group, server):
    _link, pin = _pin(group, "Wren")
    wren = _calls(server, WREN)
    url = server.number["voice_url"]
    assert wren.post(url.replace("voice", "pin"), forged=True, Digits=pin)[0] == 403
    body, headers = fake.request(url, sid=wren.sid, caller=WREN)
    assert _send(url, body, headers)[0] == 200
    assert _send(url.replace("voice", "pin"), body, headers)[0] == 403, "signed for another address"
    assert _send(url, body + b"&Digits=" + pin.encode(), headers)[0] == 403
    assert Client().get(urlsplit(url).path).status_code == 403
    assert _waiting(group) == {}
