"""BigBlueButton's traps, each with one test."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from circlekeeper.areas.meetings.provider import (
    Call,
    EventKind,
    Evidence,
    Forged,
    Guest,
    Trouble,
    Unavailable,
    Wanted,
)
from circlekeeper.areas.meetings.tests.contract import CANARY, GUEST, HOST, NOW
from circlekeeper.connectors.bigbluebutton import provider
from circlekeeper.connectors.bigbluebutton.provider import BigBlueButton
from circlekeeper.connectors.bigbluebutton.tests import fake
from circlekeeper.connectors.bigbluebutton.tests.test_contract import MEETING, ROOM, server, session
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.tests.webserver import Said

__all__ = ["server", "session"]
WAY = BigBlueButton()


def made(session):
    return replace(session, remote=WAY.apply(session, now=NOW))


def created(server):
    return next(iter(server.meetings.values()))


def hear(session, call, *, known=True):
    return WAY.handle_event(session.connected, call, find=lambda room: session if known else None, now=NOW)


def seen(session):
    return {(each.control, each.setting): each for each in WAY.verify(session, now=NOW)}


def test_tec3_a_meeting_is_made_with_every_switch_and_lives_until_its_end(server, session):
    made(session)
    kept = created(server)
    assert (kept["record"], kept["autoStartRecording"], kept["allowStartStopRecording"]) == ("false",) * 3
    assert (kept["meetingKeepEvents"], kept["guestPolicy"]) == ("false", "ASK_MODERATOR")
    assert (kept["lockSettingsHideUserList"], kept["allowPromoteGuestToModerator"]) == ("true", "false")
    # The server counts from now, and forgets an empty meeting after minutes if it is not told otherwise.
    assert kept["duration"] == kept["meetingExpireIfNoUserJoinedInMinutes"] == "100"
    off = set(kept["disabledFeatures"].split(","))
    assert {"screenshare", "privateChat", "breakoutRooms", "captions", "learningDashboard"} <= off
    loose = Wanted(recording_off=False, share_off=False, breakouts_off=False, captions=True)
    server.meetings.clear()
    made(replace(session, wanted=loose))
    kept = created(server)
    assert (kept["record"], kept["allowStartStopRecording"]) == ("false", "false")
    assert not {"screenshare", "breakoutRooms", "captions"} & set(kept["disabledFeatures"].split(","))


def test_tec3_a_meeting_that_was_there_already_is_a_failure_and_the_next_name_is_another(server, session):
    server.always_there = True
    with pytest.raises(Unavailable) as failure:
        WAY.apply(session, now=NOW)
    assert failure.value.trouble is Trouble.HALF_DONE
    names = [
        parse_qs(urlsplit(line.split()[1]).query)["meetingID"][0] for line in server.heard if "/create?" in line
    ]
    assert len(set(names)) == len(names) == 2
    assert all(name.startswith(f"{ROOM}-") for name in names)


def test_tec3_other_wishes_make_another_meeting_and_end_the_first(server, session):
    first = made(session)
    assert WAY.apply(first, now=NOW) == first.remote
    changed = replace(first, wanted=Wanted(people=12))
    second = replace(changed, remote=WAY.apply(changed, now=NOW))
    assert list(server.meetings) == [second.remote["meeting"]] != [first.remote["meeting"]]
    assert second.remote["past"] == first.remote["meeting"]
    assert server.join(WAY.mint_link(first, HOST, now=NOW)) == "invalidMeetingIdentifier"


def test_kit6_both_halves_of_the_waiting_room_are_there(server, session):
    """The policy holds only those who come with ``guest=true``; a host comes without the word."""
    held = made(session)
    assert server.join(WAY.mint_link(held, GUEST, now=NOW)) == "waiting"
    assert server.join(WAY.mint_link(held, HOST, now=NOW)) == "inside"
    assert "guest=" not in WAY.mint_link(held, HOST, now=NOW)
    created(server)["guestPolicy"] = "ALWAYS_ACCEPT"
    assert server.join(WAY.mint_link(held, GUEST, now=NOW)) == "inside"
    # The server never says which it is, so neither do we.
    found = seen(held)["waiting-room-tested", "guestPolicy"]
    assert (found.evidence, found.holds) == (Evidence.WRITTEN_UNVERIFIED, False)


def test_tec4_fmt5_a_link_is_one_persons_signed_over_exactly_what_is_sent(server, session):
    held = made(session)
    odd = Guest("ref7", "Zoë & Ann+ +50% 'ü' ~*")
    link = WAY.mint_link(held, odd, now=NOW)
    assert server.join(link) == "waiting"
    given = parse_qs(urlsplit(link).query)
    assert (given["fullName"], given["userID"], given["role"]) == ([odd.alias], ["ref7"], ["VIEWER"])
    assert given["createTime"] == [held.remote["created"]]
    assert server.join(link.replace("role=VIEWER", "role=MODERATOR")) == "checksumError"
    assert server.join(WAY.mint_link(held, Guest("r", ""), now=NOW)) == "waiting"
    # The same name made again, at another moment: an old link leads nowhere.
    created(server)["created"] = "1531155809613"
    assert server.join(link) == "mismatchCreateTimeParam"
    assert not seen(held)["links-sent-privately", "createTime"].holds


def test_tec7_what_the_server_never_tells_is_never_said_to_hold(server, session):
    server.ignores = ("guestPolicy", "disabledFeatures", "lockSettingsHideUserList", "meetingKeepEvents")
    quiet = seen(made(session)).values()
    assert not any(each.holds for each in quiet if each.evidence is Evidence.WRITTEN_UNVERIFIED)
    strong = {(each.control, each.setting) for each in quiet if each.evidence is Evidence.READ_BACK}
    assert strong == {
        ("links-sent-privately", "metadata.room-profile"),
        ("recording-off", "recording"),
        ("recording-off", "getRecordings"),
        ("room-locked", "maxUsers"),
    }
    server.meetings.clear()
    server.ignores = ("meta_room-profile", "maxParticipants")
    loud = seen(made(session))
    assert not loud["links-sent-privately", "metadata.room-profile"].holds
    assert loud["room-locked", "maxUsers"].seen == "0"


def test_tec6_tec3_what_goes_on_inside_is_counted_and_nobody_is_named(server, session):
    held = replace(made(session), wanted=Wanted(people=1))
    server.join(WAY.mint_link(held, replace(HOST, alias=CANARY), now=NOW))
    server.join(WAY.mint_link(held, replace(HOST, ref="second"), now=NOW))
    people = server.inside[held.remote["meeting"]]
    people[1] |= {"role": "VIEWER", "isPresenter": "true"}
    found = seen(held)
    assert found["room-locked", "participantCount"].seen == "2"
    assert found["screen-share-off", "isPresenter"].seen == "1"
    assert CANARY not in repr(list(found.values()))


def test_tec7_a_recording_of_a_meeting_without_one_is_told_at_once(server, session):
    """The call carries no time, so its name is the same each time it is heard."""
    heard = hear(session, fake.recording_ready(MEETING))
    assert [(each.kind, each.room) for each in heard.events] == [(EventKind.RECORDING, ROOM)]
    assert hear(session, fake.recording_ready(MEETING)).events[0].delivery == heard.events[0].delivery
    assert hear(session, fake.recording_ready(MEETING, "other")).events[0].delivery != heard.events[0].delivery
    gone = hear(session, fake.recording_ready(MEETING), known=False)
    assert (gone.status, gone.events) == (410, ())
    bad = (
        fake.recording_ready(MEETING, alg="none"),
        replace(fake.recording_ready(MEETING), path="other"),
        replace(fake.recording_ready(MEETING), method="GET"),
        Call("POST", "recording", {}, b"\xff\xfe"),
        Call("POST", "recording", {}, b"signed_parameters=&a=" + b"&b=" * 40),
    )
    for call in bad:
        with pytest.raises(Forged):
            hear(session, call)


def test_tec3_the_end_is_told_by_a_call_only_the_server_can_make(server, session):
    """It is unsigned, and what begins with ``meta_`` reaches every browser: its address bears a mark and is not there."""
    held = made(session)
    kept = created(server)
    assert "meta_endCallbackUrl" not in kept
    call = fake.ended(kept["meetingEndedURL"])
    assert [(each.kind, each.room) for each in hear(held, call).events] == [(EventKind.ENDED, ROOM)]
    assert hear(held, call, known=False).events == ()
    for path in (call.path[:-1] + "x", f"ended/{ROOM}-ffffffff/{call.path.split('/')[2]}", "ended/", "ended/é/é"):
        with pytest.raises(Forged):
            hear(held, replace(call, path=path))
    assert "meetingEndedURL" not in [*WAY.apply(replace(session, hook=""), now=NOW)]


def test_tec3_purge_deletes_what_is_ours_and_lists_again(server, session):
    """A list asked for without a name is the whole server's: then nothing is asked."""
    server.recordings = {"theirs": "another-group"}
    assert WAY.purge(session, now=NOW) == []
    WAY.end(session, now=NOW)
    assert server.heard == []
    held = made(session)
    server.recordings |= {"ours": held.remote["meeting"]}
    assert not seen(held)["recording-off", "getRecordings"].holds
    server.stuck = True
    WAY.end(held, now=NOW)
    assert [each.seen for each in WAY.purge(held, now=NOW)] == ["1", "open", "unknown"]
    server.stuck = False
    WAY.end(held, now=NOW)
    assert [each.seen for each in WAY.purge(held, now=NOW)] == ["0", "gone", "unknown"]
    assert server.recordings == {"theirs": "another-group"}


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><response><returncode>&b;</returncode></response>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><response><returncode>&x;</returncode></response>',
        b"<response><returncode>SUCCESS",
        b"<other/>",
        b"",
    ],
)
def test_an_answer_with_entities_or_without_sense_is_refused(server, session, body):
    server.spoiled = Said(200, body)
    with pytest.raises(Unavailable) as failure:
        WAY.apply(session, now=NOW)
    assert failure.value.trouble is Trouble.NOT_UNDERSTOOD


def test_connecting_tries_the_secret_and_a_wrong_one_and_asks_for_nobodys_meeting(server, session):
    [found] = WAY.check_connection(session.connected, now=NOW)
    assert found.holds
    assert not any("getMeetings" in line for line in server.heard)
    for name, value in (
        ("address", "http://bbb.example.org/"),
        ("address", "https://bbb.example.org/?a=b"),
        ("address", "https://[bad"),
        ("secret", "short"),
    ):
        with pytest.raises(Refused) as refusal:
            WAY.check_connection({**session.connected, name: value}, now=NOW)
        assert refusal.value.field == name
    with pytest.raises(Unavailable) as failure:
        WAY.check_connection({**session.connected, "secret": "z" * 32}, now=NOW)
    assert failure.value.trouble is Trouble.NOT_ALLOWED
    with pytest.raises(Unavailable):
        WAY.mint_link(replace(made(session), connected={}), GUEST, now=NOW)


def test_tec3_bigbluebutton_create_verify_drift_end_purge(server, session):
    """The README's table is what these steps really gave."""
    held = made(session)
    told = {"verify": WAY.verify(held, now=NOW)}
    created(server)["record"] = "true"
    told["drift"] = [
        each for each in WAY.verify(held, now=NOW + timedelta(minutes=5)) if each.setting == "recording"
    ]
    WAY.end(held, now=NOW)
    told["purge"] = WAY.purge(held, now=NOW)
    lines = ["| step | control | setting | evidence | expected | seen | holds |", "|---|---|---|---|---|---|---|"]
    for step, proofs in told.items():
        for one in proofs:
            # These two are others at each meeting, or with each change of ours.
            words = {"createTime": "when it was made", "metadata.room-profile": "mark of what was asked for"}
            values = [
                each if each == "unknown" else words.get(one.setting, each) for each in (one.expected, one.seen)
            ]
            row = [step, one.control, one.setting, one.evidence, *values, "yes" if one.holds else "no"]
            lines.append(f"| {' | '.join(row)} |")
    readme = (Path(provider.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in readme, "\n" + "\n".join(lines)
