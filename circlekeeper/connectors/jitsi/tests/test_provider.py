"""Jitsi's traps, each with one test; the server is asked as a browser and as its own modules ask."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from circlekeeper.areas.meetings.provider import Call, EventKind, Forged, Guest, Session, Unavailable, Wanted
from circlekeeper.areas.meetings.tests.contract import CANARY, GUEST, HOST, NOW
from circlekeeper.connectors.jitsi import provider, tokens
from circlekeeper.connectors.jitsi.provider import Jitsi
from circlekeeper.connectors.jitsi.tests import fake
from circlekeeper.connectors.jitsi.tests.test_contract import ROOM, server, session
from circlekeeper.foundation.errors import Refused

__all__ = ["server", "session"]
WAY = Jitsi()


def asking(session, now=NOW):
    """The engine's place: hands a call of the server to the connector."""
    return lambda call: WAY.handle_event(
        session.connected, call, find=lambda room: session if room == session.room else None, now=now
    )


def claims(server, session, guest):
    return server.claims(tokens.mint(session, guest, now=NOW), ROOM)


def test_tec3_tec5_the_room_opens_for_a_pass_in_its_time_and_for_nothing_else(server, session):
    """A member waits in the lobby, a host goes in, and each refusal is told in words."""
    ask = asking(session)
    assert server.join(WAY.mint_link(session, GUEST, now=NOW), ask) == "lobby"
    assert server.join(WAY.mint_link(session, HOST, now=NOW), ask) == "inside"
    assert "password" not in server.rooms[ROOM]  # it would lead past the lobby
    assert server.rooms[ROOM]["lobby"] is True
    server.rooms[ROOM]["size"] = 40
    assert server.join(WAY.mint_link(session, HOST, now=NOW), ask) == "full"
    gone = server.close(ROOM, ask)
    assert [each.kind for each in gone.events] == [EventKind.ENDED]

    for when in (session.starts_at - timedelta(hours=2, seconds=1), session.ends_at + timedelta(minutes=30)):
        server.clock = when
        refused = server.join(WAY.mint_link(session, HOST, now=when), asking(session, when))
        assert refused.startswith("403: ")
    server.clock = NOW
    unknown = WAY.handle_event(session.connected, fake.post("someother", NOW), find=lambda room: None, now=NOW)
    assert (unknown.status, unknown.events) == (403, ())


def test_tec4_a_pass_is_one_persons_for_one_room_and_three_minutes(server, session):
    ask, link = asking(session), WAY.mint_link(session, HOST, now=NOW)
    server.clock = NOW + timedelta(minutes=4)
    assert server.join(link, ask) == "no pass"
    server.clock = NOW - timedelta(minutes=1)
    assert server.join(link, ask) == "no pass"
    server.clock = NOW
    assert server.join(link.replace(ROOM, "otherroom"), ask) == "no pass"
    assert server.join(WAY.mint_link(session, GUEST, now=NOW).replace("=%22ey", "=%22eyA"), ask) == "no pass"
    assert "?" not in link  # what stands after the # is in no server's log
    assert claims(server, session, GUEST)["context"]["user"]["id"] == GUEST.ref
    assert claims(server, session, GUEST)["context"]["user"]["name"] == "Wren"
    assert claims(server, session, Guest("ref", ""))["context"]["user"]["name"] == "Guest"


@pytest.mark.parametrize("guest", [GUEST, HOST])
def test_tec7_no_pass_ever_allows_recording_not_even_a_hosts_whose_features_are_copied(server, session, guest):
    """A map that is left out allows everything, so each feature is written as the word false."""
    loose = replace(session, wanted=Wanted(recording_off=False, captions=True))
    said = claims(server, loose, guest)["context"]["features"]
    for name in (
        "recording",
        "livestreaming",
        "transcription",
        "outbound-call",
        "live-translation",
        "create-polls",
    ):
        assert said[name] == "false", name
    assert all(value in ("true", "false") for value in said.values())


def test_tec6_tec8_only_hosts_moderate_pass_the_lobby_and_share(server, session):
    member, host = (claims(server, session, each)["context"] for each in (GUEST, HOST))
    assert (member["user"]["moderator"], host["user"]["moderator"]) == (False, True)
    assert "lobby_bypass" not in member["user"]
    assert host["user"]["lobby_bypass"] is True
    assert (member["features"]["screen-sharing"], host["features"]["screen-sharing"]) == ("false", "true")
    assert member["features"]["send-private-message"] == "false"
    shown = [each for each in WAY.verify(session, now=NOW) if each.control == "screen-share-off"]
    assert not any(each.holds for each in shown)  # the server does not enforce that feature


def test_asking_twice_is_the_same_opening_and_a_new_one_is_another(session):
    """The module asks again when a connection breaks, with the moment it first asked."""
    ask = asking(session, NOW + timedelta(seconds=6))
    first, again = ask(fake.post(ROOM, NOW)), ask(fake.post(ROOM, NOW))
    later = ask(fake.post(ROOM, NOW + timedelta(minutes=2)))
    assert first == again
    assert first.events[0].delivery != later.events[0].delivery
    assert CANARY not in first.body.decode()
    looked = ask(Call("GET", f"conference/{ROOM}.{int(NOW.timestamp())}", fake.bearer(fake.WORD), b""))
    assert looked.body == first.body
    odd = ask(Call("POST", "conference", fake.bearer(fake.WORD), b"name=velvet7harbour&start_time=soon"))
    assert odd.status == 200


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (Call("POST", "conference", fake.bearer(fake.WORD), b"\xff\xfe"), 403),
        (Call("POST", "conference", fake.bearer(fake.WORD), b"&".join(b"a=b" for _ in range(99))), 403),
        (Call("POST", "conference", fake.bearer(fake.WORD), b"name=..%2F..%2Fx"), 403),
        (Call("GET", "conference/otherroom.1", fake.bearer(fake.WORD), b""), 403),
        (Call("DELETE", "conference/otherroom.1", fake.bearer(fake.WORD), b""), 204),
        (Call("GET", "anything", fake.bearer(fake.WORD), b""), 404),
    ],
)
def test_the_gatekeeper_fails_closed(session, call, status):
    heard = asking(session)(call)
    assert (heard.status, heard.events) == (status, ())


def test_without_an_agreed_word_nobody_is_believed(session):
    for word in ("", "é" * 40):
        with pytest.raises(Forged):
            WAY.handle_event({}, fake.post(ROOM, NOW, word=word), find=lambda room: session, now=NOW)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("address", "http://meet.example.org"),
        ("address", "https://10.0.0.1"),
        ("counter", "https://meet.example.org/room-size?x=1"),
        ("app_id", " "),
        ("app_secret", "short"),
        ("reservation_token", fake.SECRET),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_at_its_field(session, setting, value):
    with pytest.raises(Refused) as refusal:
        WAY.check_connection({**session.connected, setting: value}, now=NOW)
    assert refusal.value.field == setting


def test_a_page_that_is_gone_is_no_page(server, session):
    assert all(each.holds for each in WAY.check_connection(session.connected, now=NOW))
    server.spoiled = server.said(404, b"")
    with pytest.raises(Unavailable):
        WAY.check_connection(session.connected, now=NOW)


def test_a_server_that_is_not_connected_is_neither_asked_nor_given_a_pass(server, session):
    for missing in ("address", "app_secret", "reservation_token"):
        cut = replace(session, connected={**session.connected, missing: ""})
        for doing in (lambda cut=cut: WAY.apply(cut, now=NOW), lambda cut=cut: WAY.mint_link(cut, HOST, now=NOW)):
            with pytest.raises(Unavailable):
                doing()
    assert not server.heard


def test_only_the_count_is_asked_never_who_is_inside(server, session):
    server.join(WAY.mint_link(session, HOST, now=NOW), asking(session))
    WAY.verify(session, now=NOW)
    asked = " ".join(server.heard)
    assert "/room-size?" in asked
    assert "/room?" not in asked
    assert [each.seen for each in WAY.purge(session, now=NOW)] == ["open", "unknown"]


def test_tec3_jitsi_create_verify_drift_end_purge(server, session):
    """The README's table is what these steps really gave."""
    made = replace(session, remote=WAY.apply(session, now=NOW))
    steps = {"verify": WAY.verify(made, now=NOW)}
    server.late = "config.localRecording.disable = false;"
    steps["drift"] = [each for each in WAY.verify(made, now=NOW) if each.setting == "localRecording.disable"]
    server.late = ""
    WAY.end(made, now=NOW)
    steps["purge"] = WAY.purge(made, now=NOW)
    lines = ["| step | control | setting | evidence | expected | seen | holds |", "|---|---|---|---|---|---|---|"]
    for step, proofs in steps.items():
        for one in proofs:
            holds = "yes" if one.holds else "no"
            lines.append(
                f"| {step} | {one.control} | {one.setting} | {one.evidence} | {one.expected} | {one.seen} | {holds} |"
            )
    assert "\n".join(lines) in (Path(provider.__file__).parent / "README.md").read_text(encoding="utf-8"), (
        "\n" + "\n".join(lines)
    )


def test_a_session_keeps_its_secrets_out_of_its_text(session):
    assert isinstance(session, Session)
    assert fake.SECRET not in repr(session)
