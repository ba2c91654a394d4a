"""Webex's traps, each with one test."""

from dataclasses import replace
from pathlib import Path

import pytest

from circlekeeper.areas.meetings.provider import EventKind, Evidence, Forged, Trouble, Unavailable, Wanted
from circlekeeper.areas.meetings.tests.contract import CANARY, GUEST, NOW
from circlekeeper.connectors.webex import notices, wishes
from circlekeeper.connectors.webex.provider import Webex
from circlekeeper.connectors.webex.tests import fake
from circlekeeper.connectors.webex.tests.test_contract import ROOM, session, webex
from circlekeeper.foundation.errors import Refused

__all__ = ["session", "webex"]
WAY = Webex()
README = Path(__file__).parents[1] / "README.md"


def made(session):
    return replace(session, remote=WAY.apply(session, now=NOW))


def kept(webex):
    return next(iter(webex.meetings.values()))


def seen(session):
    return {(each.control, each.setting): each for each in WAY.verify(session, now=NOW)}


def hear(session, call, *, known=True):
    return WAY.handle_event(session.connected, call, find=lambda room: session if known else None, now=NOW)


def test_tec3_a_meeting_is_made_with_every_switch_whatever_the_level_and_nobody_is_mailed(webex, session):
    made(replace(session, wanted=Wanted(recording_off=False, waiting_room=False, password=False)))
    assert wishes.meeting(session).items() <= kept(webex).items()
    assert (kept(webex)["sendEmail"], kept(webex)["title"]) == (False, "Meeting")
    assert "invitees" not in kept(webex)


@pytest.mark.parametrize(("after", "lock"), [(None, None), (3, 5), (5, 5), (9, 5), (10, 10), (30, 20)])
def test_tec5_it_locks_by_itself_at_a_time_webex_takes(webex, session, after, lock):
    held = made(replace(session, wanted=Wanted(lock_after=after)))
    assert kept(webex)["enableAutomaticLock"] is (lock is not None)
    found = seen(held)
    if lock is None:
        assert ("room-locked", "automaticLockMinutes") not in found
    else:
        assert found["room-locked", "automaticLockMinutes"].seen == str(lock)
    assert all(each.holds for (control, _name), each in found.items() if control == "room-locked")


def test_tec3_set_again_it_is_the_same_meeting_and_one_that_is_gone_is_made_anew(webex, session):
    first = made(session)
    passcode = kept(webex)["password"]
    assert WAY.apply(first, now=NOW) == first.remote
    assert (kept(webex)["password"], len(webex.webhooks)) == (passcode, len(notices.KINDS))
    webex.meetings.clear()
    anew = WAY.apply(first, now=NOW)
    assert anew["meeting"] != first.remote["meeting"]
    assert len(webex.webhooks) == len(notices.KINDS)


def test_fmt6_a_passcode_that_was_taken_away_comes_back(webex, session):
    held = made(session)
    kept(webex)["password"] = ""
    assert seen(held)["meeting-password", "password"].seen == "none"
    WAY.apply(held, now=NOW)
    assert seen(held)["meeting-password", "password"].holds


@pytest.mark.parametrize("way", ["ignores", "lacks"])
def test_tec7_success_is_not_believed_and_what_an_answer_lacks_is_unknown(webex, session, way):
    setattr(webex, way, ("enabledAutoRecordMeeting",))
    found = seen(made(session))["recording-off", "enabledAutoRecordMeeting"]
    assert (found.holds, found.seen) == (False, "true" if way == "ignores" else "unknown")


def test_tec7_what_nobody_can_read_is_never_said_to_hold(webex, session):
    found = seen(made(session))
    for control, setting, _right in wishes.WORD:
        assert (found[control, setting].evidence, found[control, setting].holds) == (Evidence.ATTESTED, False)


def test_tec6_what_was_recorded_is_bad_news_and_is_deleted(webex, session):
    held = made(session)
    webex.recordings[held.remote["meeting"]] = [CANARY, "another"]
    found = seen(held)["recording-off", "recordings"]
    assert (found.evidence, found.holds, CANARY in repr(found)) == (Evidence.OBSERVED, False, False)
    assert all(each.holds for each in WAY.purge(held, now=NOW) if each.evidence is Evidence.READ_BACK)
    assert webex.recordings[held.remote["meeting"]] == []
    assert webex.webhooks == {}


def test_tec3_what_is_not_gone_is_said(webex, session):
    held = made(session)
    webex.recordings[held.remote["meeting"]] = ["one"]
    webex.stuck = True
    assert [each.seen for each in WAY.purge(held, now=NOW)] == ["there", "1", "0", "unknown"]


@pytest.mark.parametrize(
    "address", ["http://willow.webex.com", "https://webex.com.example.org", "https://evilwebex.com"]
)
def test_tec4_people_are_sent_to_webex_and_nowhere_else(webex, session, address):
    held = made(session)
    webex.leads_to = address
    with pytest.raises(Unavailable) as failure:
        WAY.mint_link(held, GUEST, now=NOW)
    assert failure.value.trouble is Trouble.NOT_UNDERSTOOD


def test_tec3_without_the_scope_to_be_called_the_meeting_stands(webex, session):
    webex.may_call = False
    assert made(session).remote["notices"] == ""
    assert made(replace(session, hook="")).remote["notices"] == ""


def test_tec7_the_secret_of_the_app_is_not_handed_over_to_sign_calls(webex, session):
    made(session)
    assert {each["secret"] for each in webex.webhooks.values()} == {notices.key(fake.SECRET)}
    assert fake.SECRET not in str(webex.webhooks)


@pytest.mark.parametrize(
    ("resource", "event", "kind"),
    [
        ("recordings", "created", EventKind.RECORDING),
        ("meetingTranscripts", "created", EventKind.RECORDING),
        ("meetings", "ended", EventKind.ENDED),
    ],
)
def test_fmt7_tec7_what_happens_is_told_once_and_without_anybody(session, resource, event, kind):
    call = fake.call(resource, event, room=ROOM)
    (told,) = hear(session, call).events
    assert (told.kind, told.room, CANARY in repr(told)) == (kind, ROOM, False)
    assert hear(session, call).events[0].delivery == told.delivery
    assert hear(session, fake.call(resource, event, room=ROOM, about="m2")).events[0].delivery != told.delivery
    assert hear(session, call, known=False).events == ()
    assert hear(session, fake.call("messages", "created", room=ROOM)).events == ()
    with pytest.raises(Forged):
        hear(session, replace(call, method="GET"))


def test_connecting_says_what_is_wrong_at_its_field(webex):
    for field in fake.CONNECTED:
        with pytest.raises(Refused) as refusal:
            WAY.check_connection({**fake.CONNECTED, field: "short"}, now=NOW)
        assert refusal.value.field == field
    assert WAY.check_connection(fake.CONNECTED, now=NOW) == []


def test_tec3_webex_create_verify_drift_end_purge(webex, session):
    held = made(session)
    steps = [("verify", each) for each in WAY.verify(held, now=NOW)]
    kept(webex)["enabledAutoRecordMeeting"] = True
    after = WAY.verify(held, now=NOW)
    steps += [("drift", each) for each in after if each.evidence is Evidence.READ_BACK and not each.holds]
    WAY.end(held, now=NOW)
    steps += [("purge", each) for each in WAY.purge(held, now=NOW)]
    rows = [
        (step, each.control, each.setting, each.evidence, each.expected, each.seen, "yes" if each.holds else "no")
        for step, each in steps
    ]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    assert table in README.read_text(), table
