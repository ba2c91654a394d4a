"""Zoom's traps, each with one test."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from circlekeeper.areas.meetings.provider import EventKind, Evidence, Forged, Guest, Trouble, Unavailable, Wanted
from circlekeeper.areas.meetings.tests.contract import CANARY, GUEST, HOST, NOW
from circlekeeper.connectors.zoom import events, wishes
from circlekeeper.connectors.zoom.provider import Zoom
from circlekeeper.connectors.zoom.tests import fake
from circlekeeper.connectors.zoom.tests.test_contract import ROOM, session, zoom
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.tests.webserver import Said

__all__ = ["session", "zoom"]
WAY = Zoom()
README = Path(__file__).parents[1] / "README.md"


def made(session):
    return replace(session, remote=WAY.apply(session, now=NOW))


def kept(zoom):
    return next(iter(zoom.meetings.values()))


def seen(session):
    return {(each.control, each.setting): each for each in WAY.verify(session, now=NOW)}


def hear(session, call, *, known=True):
    return WAY.handle_event(session.connected, call, find=lambda room: session if known else None, now=NOW)


def test_tec3_every_field_is_sent_whatever_the_level_and_the_user_is_set_too(zoom, session):
    """A meeting made by API takes nothing over from its user."""
    made(replace(session, wanted=Wanted(recording_off=False, share_off=False, waiting_room=False, password=False)))
    assert wishes.meeting(session)["settings"].items() <= kept(zoom)["settings"].items()
    assert kept(zoom)["topic"] == ROOM
    assert zoom.user["recording"] == {"cloud_recording": False, "local_recording": False}
    assert zoom.user["in_meeting"]["who_can_share_screen"] == "host"


def test_tec3_set_again_it_is_the_same_meeting_and_one_that_is_gone_is_made_anew(zoom, session):
    first = made(session)
    passcode = kept(zoom)["password"]
    again = replace(first, remote=WAY.apply(replace(first, wanted=Wanted(private_chat_off=False)), now=NOW))
    assert (again.remote, kept(zoom)["password"]) == (first.remote, passcode)
    zoom.meetings.clear()
    assert WAY.apply(again, now=NOW) != first.remote


def test_fmt6_a_passcode_that_was_taken_away_comes_back_and_a_new_name_is_seen(zoom, session):
    held = made(session)
    kept(zoom).update(password="", topic="Survivors of Willow Street")
    found = seen(held)
    assert (found["meeting-password", "password"].seen, found["privacy-by-default", "topic"].seen) == (
        "none",
        "changed",
    )
    assert "Willow" not in repr(found)
    WAY.apply(held, now=NOW)
    assert all(each.holds for each in WAY.verify(held, now=NOW) if each.evidence is Evidence.READ_BACK)


def test_tec3_stricter_than_the_level_asks_is_no_drift(zoom, session):
    held = made(replace(session, wanted=Wanted(private_chat_off=False)))
    zoom.user["in_meeting"]["private_chat"] = False
    assert ("privacy-by-default", "in_meeting.private_chat") not in seen(held)


@pytest.mark.parametrize("way", ["ignores", "lacks"])
def test_tec7_success_is_not_believed_and_what_an_answer_lacks_is_unknown(zoom, session, way):
    setattr(zoom, way, ("auto_start_meeting_summary", "local_recording"))
    zoom.user["recording"]["local_recording"] = True
    found = seen(made(session))
    summary = found["recording-off", "settings.auto_start_meeting_summary"]
    local = found["recording-off", "recording.local_recording"]
    assert not summary.holds
    assert not local.holds
    assert (summary.seen, local.seen) == ("unknown", "true" if way == "ignores" else "unknown")


def test_tec7_only_what_an_administrator_locked_is_called_locked(zoom, session):
    zoom.locked = {"recording": {"cloud_recording": True, "local_recording": False}}
    found = seen(made(session))
    assert found["recording-off", "recording.cloud_recording"].evidence is Evidence.LOCKED
    assert found["recording-off", "recording.local_recording"].evidence is Evidence.READ_BACK
    zoom.may_see_locks = False
    assert all(each.evidence is not Evidence.LOCKED for each in seen(made(session)).values())


def test_tec7_a_lock_on_the_wrong_value_does_not_hold(zoom, session):
    zoom.locked = {"recording": {"cloud_recording": True}}
    held = made(session)
    zoom.user["recording"]["cloud_recording"] = True
    found = seen(held)["recording-off", "recording.cloud_recording"]
    assert (found.evidence, found.holds) == (Evidence.READ_BACK, False)


def test_tec6_what_is_in_the_cloud_is_bad_news_and_is_deleted_for_good(zoom, session):
    held = made(session)
    zoom.recordings[held.remote["meeting"]] = [CANARY]
    found = seen(held)["recording-off", "recordings"]
    assert (found.evidence, found.holds, CANARY in repr(found)) == (Evidence.OBSERVED, False, False)
    assert any("recordings?action=delete" in each for each in zoom.heard) is False
    assert all(each.holds for each in WAY.purge(held, now=NOW) if each.evidence is Evidence.READ_BACK)
    assert any("recordings?action=delete" in each for each in zoom.heard)
    assert not zoom.recordings


def test_tec3_what_is_not_gone_is_said(zoom, session):
    held = made(session)
    zoom.stuck = True
    assert [each.seen for each in WAY.purge(held, now=NOW)] == ["there", "0", "unknown"]


def test_fmt5_tec4_each_person_has_a_link_with_an_alias_and_five_minutes_and_nobody_is_mailed(zoom, session):
    held = made(session)
    WAY.mint_link(held, Guest("r1", ""), now=NOW)
    asked = json.loads(zoom.heard[-1].partition("b'")[2].removesuffix("'"))
    assert asked == {"attendees": [{"name": "Guest"}], "ttl": 300}
    assert not any("registrants " in each or "@" in each for each in zoom.heard)
    assert "/s/" in WAY.mint_link(held, HOST, now=NOW)


@pytest.mark.parametrize(
    "address", ["http://us05web.zoom.us", "https://zoom.us.example.org", "https://evilzoom.us"]
)
def test_tec4_people_are_sent_to_zoom_and_nowhere_else(zoom, session, address):
    held = made(session)
    zoom.leads_to = address
    for each in (GUEST, HOST):
        with pytest.raises(Unavailable) as failure:
            WAY.mint_link(held, each, now=NOW)
        assert failure.value.trouble is Trouble.NOT_UNDERSTOOD


def test_tec5_ending_what_does_not_run_is_no_trouble(zoom, session):
    held = made(session)
    WAY.end(held, now=NOW)
    zoom.running = True
    WAY.end(held, now=NOW)
    assert sum("/status" in each for each in zoom.heard) == 2


def test_tec5_a_meeting_that_still_runs_is_not_said_to_have_ended(zoom, session, monkeypatch):
    held = made(session)
    zoom.running, real = True, zoom._meetings
    broken = Said(500, b"{}")
    monkeypatch.setattr(
        zoom, "_meetings", lambda how, path, told: broken if how == "PUT" else real(how, path, told)
    )
    with pytest.raises(Unavailable):
        WAY.end(held, now=NOW)


def test_tec3_a_list_that_cannot_be_read_is_unknown(zoom, session, monkeypatch):
    held = made(session)
    monkeypatch.setattr(zoom, "_recordings", lambda how, number: Said(200, b"{}"))
    left = {each.setting: each for each in WAY.purge(held, now=NOW)}
    assert (left["recordings"].seen, left["recordings"].holds) == ("unknown", False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("recording.started", EventKind.RECORDING),
        ("meeting.summary_completed", EventKind.RECORDING),
        ("meeting.live_streaming_started", EventKind.RECORDING),
        ("meeting.sharing_started", EventKind.SHARING),
        ("meeting.risk_alert", EventKind.RISK),
    ],
)
def test_fmt7_tec7_what_happens_is_told_once_and_without_anybody(session, name, kind):
    (event,) = hear(session, fake.call(name, NOW, topic=ROOM)).events
    assert (event.kind, event.room) == (kind, ROOM)
    assert (
        hear(session, fake.call(name, NOW + timedelta(minutes=1), topic=ROOM)).events[0].delivery == event.delivery
    )
    assert CANARY not in repr(event)
    assert hear(session, fake.call(name, NOW, topic="elsewhere"), known=False).events == ()
    assert hear(session, fake.call("meeting.chat_message_sent", NOW, topic=ROOM)).events == ()


def test_zoom_asks_whether_the_address_is_ours(session):
    body = json.dumps(
        {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
    ).encode()
    said = hear(session, fake.signed(body, NOW))
    mark = hmac.new(fake.WEBHOOK.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
    assert (said.status, json.loads(said.body)) == (
        200,
        {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": mark},
    )
    with pytest.raises(Forged):
        hear(session, fake.signed(body, NOW, key="another"))
    for wrong in ("", "a" * 300, "two words"):
        told = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": wrong}}).encode()
        with pytest.raises(Forged):
            hear(session, fake.signed(told, NOW))


def test_without_a_secret_token_nothing_is_heard(session):
    silent = replace(session, connected={**fake.CONNECTED, "webhook": ""})
    with pytest.raises(Forged):
        hear(silent, fake.call("meeting.started", NOW, topic=ROOM, key=""))


def test_tec3_a_call_that_is_no_call_is_refused(session):
    stamp = {"x-zm-request-timestamp": "tomorrow"}
    body = b"{}"
    call = replace(
        fake.signed(body, NOW),
        headers={**stamp, "x-zm-signature": events.sign(fake.WEBHOOK.encode(), "tomorrow", body)},
    )
    for wrong in (
        call,
        fake.signed(b"[]", NOW),
        fake.signed(b"nothing", NOW),
        replace(fake.signed(body, NOW), method="GET"),
    ):
        with pytest.raises(Forged):
            hear(session, wrong)


def test_connecting_says_what_is_wrong_at_its_field(zoom):
    for field, value in (("account", "a b"), ("client", "short"), ("host", "ada@example.org")):
        with pytest.raises(Refused) as refusal:
            WAY.check_connection({**fake.CONNECTED, field: value}, now=NOW)
        assert refusal.value.field == field
    with pytest.raises(Refused) as refusal:
        WAY.check_connection({**fake.CONNECTED, "host": "nobody-0123456789"}, now=NOW)
    assert refusal.value.field == "host"
    assert WAY.check_connection(fake.CONNECTED, now=NOW) == []


def test_tec3_a_missing_scope_is_told_as_what_it_is_and_silence_as_silence(zoom, session, monkeypatch):
    zoom.spoiled = None
    held = made(session)
    real = zoom._users
    monkeypatch.setattr(zoom, "_users", lambda *asked: Said(400, b'{"code": 4711}'))
    with pytest.raises(Unavailable) as failure:
        WAY.verify(held, now=NOW)
    assert failure.value.trouble is Trouble.NOT_ALLOWED
    monkeypatch.setattr(zoom, "_users", real)
    assert WAY.verify(held, now=NOW)


def test_tec3_zoom_create_verify_drift_end_purge(zoom, session):
    zoom.locked = {"recording": {"cloud_recording": True, "local_recording": True}}
    held = made(session)
    steps = [("verify", each) for each in WAY.verify(held, now=NOW)]
    zoom.user["in_meeting"]["meeting_summary_with_ai_companion"] = {"enable": True}
    steps += [
        ("drift", each)
        for each in WAY.verify(held, now=NOW)
        if not each.holds and each.evidence in (Evidence.READ_BACK, Evidence.LOCKED)
    ]
    WAY.end(held, now=NOW)
    steps += [("purge", each) for each in WAY.purge(held, now=NOW)]
    rows = [
        (step, each.control, each.setting, each.evidence, each.expected, each.seen, "yes" if each.holds else "no")
        for step, each in steps
    ]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    assert table in README.read_text(), table
