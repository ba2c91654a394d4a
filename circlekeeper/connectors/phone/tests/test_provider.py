"""The telephone's traps, each with one test."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from circlekeeper.areas.meetings.provider import Caller, Evidence, Forged, Guest, Standing, Trouble, Unavailable
from circlekeeper.areas.meetings.tests.contract import NOW
from circlekeeper.connectors.phone import answering, provider, spoken
from circlekeeper.connectors.phone.provider import Phone
from circlekeeper.connectors.phone.tests import fake
from circlekeeper.connectors.phone.tests.test_contract import HOOK, ROOM, server, session
from circlekeeper.foundation.errors import Refused

__all__ = ["server", "session"]
WAY = Phone()
README = Path(provider.__file__).parent / "README.md"


def made(session):
    return replace(session, remote=WAY.apply(session, now=NOW))


def test_tec2_what_is_entered_is_tried_before_it_is_kept(server, session):
    (account,) = WAY.check_connection(session.connected, now=NOW)
    assert account.holds
    wrong = {"number": "030 1234567", "account_sid": "AC 1", "address": "ftp://x.example"}
    for name, value in wrong.items():
        with pytest.raises(Refused) as refusal:
            WAY.check_connection({**session.connected, name: value}, now=NOW)
        assert refusal.value.field == name
    with pytest.raises(Refused, match="no such number"):
        WAY.check_connection({**session.connected, "number": "+49309999999"}, now=NOW)
    server.number["capabilities"] = {"voice": False, "sms": True}
    with pytest.raises(Refused, match="cannot be called"):
        WAY.check_connection(session.connected, now=NOW)


def test_fmt13_a_number_just_bought_is_led_to_us_and_to_nobody_else(server, session):
    server.number.update(voice_fallback_url="https://old.example/voicemail", voice_caller_id_lookup=True)
    made(session)
    assert server.number["voice_url"] == f"{HOOK}voice"
    assert server.number["status_callback"] == f"{HOOK}ended"
    assert [server.number[name] for name in ("voice_fallback_url", "sms_url", "voice_application_sid")] == [
        None
    ] * 3
    assert server.number["voice_caller_id_lookup"] is False
    assert ROOM not in " ".join(server.heard[:2]), "the number is one for all meetings"


def test_fmt13_the_room_is_told_no_name_no_beep_no_music_and_no_recording():
    caller = Caller(Standing.ADMITTED, ROOM, "3f1c9a", people=12)
    said = spoken.stand(caller, again=True).decode()
    for piece in ('beep="false"', 'record="do-not-record"', 'waitUrl=""', 'startConferenceOnEnter="false"'):
        assert piece in said
    assert 'maxParticipants="12"' in said
    host = spoken.conference(replace(caller, is_host=True))
    assert (host["startConferenceOnEnter"], host["endConferenceOnExit"]) == ("true", "true")
    assert "<Record" not in said


def test_fmt13_the_link_is_the_number_without_a_pin(session):
    assert WAY.mint_link(session, Guest("3f1c9a", "Wren"), now=NOW) == f"tel:{fake.NUMBER}"


def test_fmt13_a_request_is_believed_only_with_the_signature_over_its_address_and_every_field(session):
    right = fake.call(f"{HOOK}voice")
    assert b"<Gather" in WAY.answer_call(session.connected, right, desk=answering.Nobody(), now=NOW).body
    another = {**session.connected, "account_sid": "AC9999999999999999"}
    wrong = [
        replace(right, url=f"{HOOK}pin", path="pin"),
        replace(right, body=right.body + b"&Digits=12345678"),
        replace(right, body=b"\xff"),
        replace(right, headers={}),
        replace(right, method="GET"),
    ]
    for each in wrong:
        with pytest.raises(Forged):
            WAY.answer_call(session.connected, each, desk=answering.Nobody(), now=NOW)
    with pytest.raises(Forged):
        WAY.answer_call(another, right, desk=answering.Nobody(), now=NOW)
    # The example of the service's own page on security, so that both sides of these tests are not wrong together.
    shown = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309"}
    told = [*shown.items(), ("To", "+18005551212")]
    found = answering.signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", told)
    assert found == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_fmt13_somebody_is_put_out_of_this_room_only(server, session):
    for name in (ROOM, "anotherroom"):
        for label in ("3f1c9a", "77aa01"):
            server.enters(name, label)
    WAY.remove(session, Guest("3f1c9a", ""), now=NOW)
    WAY.remove(session, Guest("3f1c9a", ""), now=NOW)
    assert server.inside(ROOM) == {"77aa01"}
    WAY.end(session, now=NOW)
    assert server.inside(ROOM) == set()
    assert server.inside("anotherroom") == {"3f1c9a", "77aa01"}


def test_tec3_phone_create_verify_drift_end_purge(server, session):
    room = made(session)
    rows = [_row("verify", each) for each in WAY.verify(room, now=NOW)]
    server.number["voice_fallback_url"] = "https://elsewhere.example/voicemail"
    rows += [_row("drift", each) for each in WAY.verify(room, now=NOW) if each.setting == "voice_fallback_url"]
    WAY.apply(room, now=NOW)
    server.enters(ROOM, "3f1c9a")
    server.recordings["RE1"] = next(iter(server.rooms))
    server.calls = {
        "CA1": {"sid": "CA1", "to": fake.NUMBER, "status": "completed"},
        "CA2": {"sid": "CA2", "to": fake.NUMBER, "status": "in-progress"},
    }
    WAY.end(room, now=NOW)
    rows += [_row("purge", each) for each in WAY.purge(room, now=NOW)]
    assert list(server.calls) == ["CA2"], "somebody who calls now is no record of the past"
    assert fake.asked_for(server.heard[-1])["StartTime>"] == [
        f"{session.starts_at - timedelta(hours=12):%Y-%m-%d}"
    ]
    server.stuck, server.recordings["RE2"] = True, next(iter(server.rooms))
    left = {each.setting: each for each in WAY.purge(room, now=NOW)}
    assert not left["Recordings"].holds
    assert left["invoice and logs of the carrier"].evidence is Evidence.ATTESTED
    table = [line for line in README.read_text().splitlines() if line.startswith("| ")][1:]
    assert rows == table


def test_an_account_that_was_closed_says_so(server, session):
    server.number["phone_number"] = "+4999"
    with pytest.raises(Unavailable) as failure:
        WAY.verify(session, now=NOW)
    assert failure.value.trouble is Trouble.GONE


def _row(step, proof):
    told = [step, proof.control, proof.setting, proof.evidence.value, proof.expected, proof.seen]
    return f"| {' | '.join([*told, 'yes' if proof.holds else 'no'])} |"
