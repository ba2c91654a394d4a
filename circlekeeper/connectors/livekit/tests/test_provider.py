"""LiveKit's traps, each with one test; the server is asked as a browser and as its own webhooks ask."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from circlekeeper.areas.meetings.provider import EventKind, Evidence, Forged, Guest, Trouble, Unavailable, Wanted
from circlekeeper.areas.meetings.tests.contract import CANARY, GUEST, HOST, NOW
from circlekeeper.connectors.livekit import passes, provider
from circlekeeper.connectors.livekit.provider import LiveKit
from circlekeeper.connectors.livekit.tests import fake
from circlekeeper.connectors.livekit.tests.test_contract import ROOM, server, session
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.tests.webserver import Said

__all__ = ["server", "session"]
WAY = LiveKit()


def made(session):
    return replace(session, remote=WAY.apply(session, now=NOW))


def seen(session):
    return {(each.control, each.setting): each for each in WAY.verify(session, now=NOW)}


def video(server, session, guest):
    return server.claims(passes.mint(session, guest, now=NOW))["video"]


def hear(session, call, *, known=True):
    return WAY.handle_event(session.connected, call, find=lambda room: session if known else None, now=NOW)


def test_tec3_a_room_waits_until_its_end_and_one_of_another_size_is_made_anew_only_while_empty(server, session):
    """The server answers all is well and keeps the old size; whoever is inside is not put out for that."""
    held = made(session)
    kept = server.rooms[ROOM]
    assert (kept["empty_timeout"], kept["departure_timeout"]) == (100 * 60, 30 * 60)
    assert (kept["metadata"], kept["max_participants"]) == ("", 40)
    server.rooms[ROOM]["sid"] = "RM_first"
    assert made(held).remote == held.remote
    assert server.rooms[ROOM]["sid"] == "RM_first"
    bigger = replace(held, wanted=Wanted(people=41))
    made(bigger)
    assert (server.rooms[ROOM]["sid"], server.rooms[ROOM]["max_participants"]) == ("RM_1", 41)
    server.join(WAY.mint_link(bigger, GUEST, now=NOW))
    with pytest.raises(Unavailable) as failure:
        WAY.apply(replace(held, wanted=Wanted(people=42)), now=NOW)
    assert failure.value.trouble is Trouble.HALF_DONE
    assert server.inside[ROOM].keys() == {GUEST.ref}


def test_tec4_fmt5_a_pass_is_one_persons_for_one_room_and_minutes_and_stands_after_the_mark(server, session):
    held = made(session)
    link = WAY.mint_link(held, GUEST, now=NOW)
    parts = urlsplit(link)
    assert (parts.path, parts.query) == ("/room/", "")
    assert parse_qs(parts.fragment)["liveKitUrl"] == [server.address.replace("http", "ws")]
    assert server.join(link) == "inside"
    person = server.inside[ROOM][GUEST.ref]
    assert (person["name"], person["attributes"]) == ("Wren", {})
    server.join(WAY.mint_link(held, Guest("r", ""), now=NOW))
    assert server.inside[ROOM]["r"]["name"] == "Guest"
    server.clock = NOW + timedelta(minutes=4)
    assert server.join(link) == "refused"
    server.clock = NOW
    assert server.join(link[:-4] + "AAAA") == "refused"
    WAY.end(held, now=NOW)
    assert server.join(link) == "no such room"


@pytest.mark.parametrize("guest", [GUEST, HOST])
def test_tec7_everything_a_pass_could_allow_by_silence_is_written_down(server, session, guest):
    loose = replace(session, wanted=Wanted(recording_off=False, share_off=False, private_chat_off=False))
    for each in (session, loose):
        grant = video(server, each, guest)
        assert all(grant[name] is False for name in passes.NEVER)
        assert {"canPublish", "canSubscribe", "canPublishData", "roomJoin"} <= grant.keys()
        assert grant["canPublishSources"]  # an empty list would be every source
    assert "screen_share" in video(server, loose, guest)["canPublishSources"]
    assert video(server, loose, guest)["canPublishData"] is True


def test_tec6_the_server_itself_refuses_a_members_screen_and_a_chat_that_could_be_private(server, session):
    held = made(session)
    for each in (GUEST, HOST):
        assert server.join(WAY.mint_link(held, each, now=NOW)) == "inside"
    assert server.publish(ROOM, GUEST.ref, "CAMERA")
    assert not server.publish(ROOM, GUEST.ref, "SCREEN_SHARE")
    assert server.publish(ROOM, HOST.ref, "SCREEN_SHARE")
    assert video(server, held, GUEST)["canPublishData"] is False
    assert video(server, held, HOST)["canPublishData"] is True
    assert seen(held)["screen-share-off", "can_publish_sources"].holds  # a host's own screen is none of it
    assert CANARY not in repr(seen(held))

    # Somebody gave a member more at the server, or cleared the list, which means everything.
    person = server.inside[ROOM][GUEST.ref]
    for more in (["CAMERA", "SCREEN_SHARE"], []):
        person["permission"]["can_publish_sources"] = more
        assert seen(held)["screen-share-off", "can_publish_sources"].seen == "1"
    person["permission"]["can_publish_sources"] = ["SCREEN_SHARE"]
    server.publish(ROOM, GUEST.ref, "SCREEN_SHARE")
    assert WAY.admit(held, GUEST, now=NOW)
    assert [each["source"] for each in person["tracks"]] == ["CAMERA"]
    assert seen(held)["screen-share-off", "can_publish_sources"].holds
    assert not WAY.admit(held, Guest("stranger", ""), now=NOW)
    server.stuck = True
    person["permission"] = {"can_publish_sources": []}
    assert not WAY.admit(held, GUEST, now=NOW)


def test_tec7_a_recorder_a_hidden_listener_and_a_past_recording_are_each_seen(server, session):
    held = made(session)
    server.egress = [{"egress_id": "EG_0", "room_name": "another"}]
    assert seen(held)["recording-off", "ListEgress"].holds
    server.egress += [{"egress_id": "EG_1", "room_name": ROOM, "status": "EGRESS_COMPLETE"}]
    assert seen(held)["recording-off", "ListEgress"].seen == "1"
    server.recorder = False
    found = seen(held)["recording-off", "ListEgress"]
    assert (found.seen, found.holds) == ("not connected", True)
    server.inside[ROOM] = {
        "a": {"identity": "a", "kind": "AGENT"},
        "b": {"identity": "b", "kind": "STANDARD", "permission": {"hidden": True}},
    }
    assert seen(held)["recording-off", "kind, hidden"].seen == "2"
    # An answer of another shape is wrong rather than right, and nobody falls over it.
    server.inside[ROOM] = {"c": {"kind": "STANDARD", "permission": [], "tracks": "none", "attributes": 1}}
    assert seen(held)["screen-share-off", "can_publish_sources"].seen == "1"
    del server.rooms[ROOM]["active_recording"]
    assert not seen(held)["recording-off", "active_recording"].holds


def test_tec5_a_server_where_a_pass_alone_makes_a_room_is_told(server, session):
    held = made(session)
    assert seen(held)["room-locked", "auto_create"].holds
    assert seen(held)["waiting-room-tested", "rtc/validate without a pass"].holds
    server.auto_create = True
    found = seen(held)["room-locked", "auto_create"]
    assert (found.evidence, found.seen, found.holds) == (Evidence.OBSERVED, "true", False)


def test_putting_out_is_looked_at_and_nobody_is_told_to_be_gone_who_is_not(server, session):
    held = made(session)
    link = WAY.mint_link(held, GUEST, now=NOW)
    server.join(link)
    server.stuck = True
    assert not WAY.remove(held, GUEST, now=NOW)
    server.stuck = False
    assert WAY.remove(held, GUEST, now=NOW)
    assert WAY.remove(held, GUEST, now=NOW)
    assert server.join(link) == "inside"  # the README says so: putting out takes no pass back


def test_tec7_what_the_server_calls_for_is_its_own_kind_and_nothing_else(server, session):
    def kinds(said, **how):
        return [each.kind for each in hear(session, fake.webhook({"id": "EV_1", **said}, NOW), **how).events]

    room = {"room": {"name": ROOM}}
    assert kinds({"event": "room_started", **room}) == [EventKind.STARTED]
    # Closed by the server before its time: looked at once, so that it is set up again.
    assert kinds({"event": "room_finished", **room}) == [EventKind.ENDED, EventKind.CHANGED]
    assert kinds({"event": "egress_started", "egressInfo": {"roomName": ROOM}}) == [EventKind.RECORDING]
    agent = {"identity": CANARY, "kind": "AGENT"}
    assert kinds({"event": "participant_joined", "participant": agent, **room}) == [EventKind.RECORDING]
    for source, told in (("SCREEN_SHARE", [EventKind.SHARING]), ("CAMERA", [])):
        assert kinds({"event": "track_published", "track": {"source": source}, **room}) == told
    assert kinds({"event": "something_new", **room}) == []
    assert kinds({"event": "room_started", **room}, known=False) == []

    right = {"event": "room_started", "id": "EV_1", **room}
    bad = (
        fake.webhook(right, NOW, secret="x" * 40),
        fake.webhook(right, NOW, key="APIother"),
        fake.webhook(right, NOW + timedelta(minutes=5)),
        fake.webhook({"id": "EV_1", "event": ["none"]}, NOW),
        fake.webhook({"event": "room_started"}, NOW),
        replace(fake.webhook(right, NOW), method="GET"),
        replace(fake.webhook(right, NOW), headers={}),
        # A pass of a person is signed with the same secret; it covers no body.
        replace(fake.webhook(right, NOW), headers={"authorization": passes.mint(session, GUEST, now=NOW)}),
    )
    for call in bad:
        with pytest.raises(Forged):
            hear(session, call)


def test_connecting_tries_the_secret_a_wrong_one_and_the_page_and_looks_at_nobodys_room(server, session):
    made(session)
    [found] = WAY.check_connection(session.connected, now=NOW)
    assert found.holds
    assert ROOM not in "".join(each for each in server.heard if "ListRooms" in each)
    wrong = (
        ("address", "http://livekit.example.org"),
        ("address", "https://livekit.example.org/path"),
        ("page", "https://room.example.org/?a=b"),
        ("page", "https://room.example.org/#x"),
        ("page", "https://[bad"),
        ("page", f"{server.address}/nothing/"),
        ("key", " "),
        ("secret", "short"),
    )
    for name, value in wrong:
        with pytest.raises(Refused) as refusal:
            WAY.check_connection({**session.connected, name: value}, now=NOW)
        assert refusal.value.field == name
    for broken in ({}, {**session.connected, "secret": "z" * 40}):
        with pytest.raises(Unavailable) as failure:
            WAY.verify(replace(session, connected=broken), now=NOW)
        assert failure.value.trouble is Trouble.NOT_ALLOWED
    server.rooms.clear()
    with pytest.raises(Unavailable) as failure:
        WAY.verify(session, now=NOW)
    assert failure.value.trouble is Trouble.GONE
    server.spoiled = Said(200, b'{"rooms": 1}')
    with pytest.raises(Unavailable) as failure:
        WAY.verify(session, now=NOW)
    assert failure.value.trouble is Trouble.NOT_UNDERSTOOD


def test_tec3_livekit_create_verify_drift_end_purge(server, session):
    """The README's table is what these steps really gave."""
    held = made(session)
    told = {"verify": WAY.verify(held, now=NOW)}
    server.rooms[ROOM]["active_recording"] = True
    later = WAY.verify(held, now=NOW + timedelta(minutes=1))
    told["drift"] = [each for each in later if each.setting == "active_recording"]
    WAY.end(held, now=NOW)
    told["purge"] = WAY.purge(held, now=NOW)
    lines = ["| step | control | setting | evidence | expected | seen | holds |", "|---|---|---|---|---|---|---|"]
    for step, proofs in told.items():
        for one in proofs:
            row = [step, one.control, one.setting, one.evidence, one.expected, one.seen]
            lines.append(f"| {' | '.join(row)} | {'yes' if one.holds else 'no'} |")
    readme = (Path(provider.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in readme, "\n" + "\n".join(lines)
