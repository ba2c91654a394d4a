"""Meet's traps, each with one test."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from circlekeeper.areas.meetings.provider import Evidence, Trouble, Unavailable
from circlekeeper.areas.meetings.tests.contract import NOW
from circlekeeper.connectors.meet import provider
from circlekeeper.connectors.meet.tests import fake
from circlekeeper.connectors.meet.tests.test_contract import LINK, server, session, way
from circlekeeper.foundation.errors import Refused

__all__ = ["server", "session", "way"]
HELD = "conferenceRecords/7a1f"


def made(way, session):
    return replace(session, remote=way.apply(session, now=NOW))


def seen(way, session):
    return {(each.control, each.setting): each for each in way.verify(session, now=NOW)}


def test_tec3_what_is_left_out_is_the_accounts_own_setting_and_never_holds(server, way, session):
    held = made(way, session)
    server.space["config"] = {"accessType": "RESTRICTED"}
    found = [each for each in way.verify(held, now=NOW) if each.evidence is Evidence.READ_BACK]
    right = {each.setting for each in found if each.holds}
    assert right == {"name", "accessType", "phoneAccess"}
    assert {each.seen for each in found if not each.holds} == {"unknown"}


def test_tec7_that_nothing_records_by_itself_is_not_that_nobody_records(server, way, session):
    """Notes by a machine count as a recording; one started by hand shows only in what is kept."""
    held = made(way, session)
    notes = server.space["config"]["artifactConfig"]["smartNotesConfig"]
    notes["autoSmartNotesGeneration"] = "ON"
    assert not seen(way, held)["recording-off", "artifactConfig.smartNotesConfig.autoSmartNotesGeneration"].holds
    notes["autoSmartNotesGeneration"] = "OFF"
    found = seen(way, held)
    about = [each for each in found.values() if each.control == "recording-off"]
    assert [each.evidence for each in about if not each.holds] == [Evidence.ATTESTED]

    server.held[HELD] = {"transcripts": [{"name": f"{HELD}/transcripts/1", "state": "STARTED"}]}
    assert seen(way, held)["recording-off", "transcripts"].seen == "1"
    assert [(each.setting, each.seen) for each in way.purge(held, now=NOW)][:2] == [
        ("recordings", "0"),
        ("transcripts", "1"),
    ]
    asked = " ".join(unquote_plus(each) for each in server.heard)
    assert "participants" not in asked  # who was there is nothing to us
    assert "entries" not in asked  # nor what was said
    assert 'start_time>="2026-11-23T16:00:00Z"' in asked  # two hours before, and no other evening


def test_a_code_that_came_to_lead_elsewhere_is_noticed_and_not_forgiven_by_setting_up_again(server, way, session):
    held = made(way, session)
    server.space["name"] = "spaces/somebodyelse"
    again = made(way, held)
    assert again.remote == held.remote == {"space": fake.SPACE}
    assert seen(way, again)["meeting-password", "name"].seen == "another space"
    server.space["name"] = "../token"
    with pytest.raises(Unavailable) as failure:
        way.verify(held, now=NOW)
    assert failure.value.trouble is Trouble.NOT_UNDERSTOOD


def test_without_an_account_nobody_is_asked_and_everything_is_a_hosts_word(server, way, session):
    alone = replace(session, connected={})
    assert way.apply(alone, now=NOW) == {}
    found = [*way.verify(alone, now=NOW), *way.purge(alone, now=NOW)]
    assert {each.evidence for each in found} == {Evidence.ATTESTED}
    assert not any(each.holds for each in found)
    assert {"waiting-room-tested", "recording-off", "screen-share-off"} <= {each.control for each in found}
    assert server.heard == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://meet.google.com/abc-mnop-xyz",
        "https://meet.google.com/abc-mnop-xyz?authuser=ada@example.org",
        "https://meet.google.com/lookup/abc",
        "https://meet.google.com.evil.example/abc-mnop-xyz",
        "https://meet.google.com/abc-mnop-xyz/../../x",
    ],
)
def test_only_a_plain_link_of_meet_is_taken(way, address):
    way.check_address(f" {LINK} ")
    with pytest.raises(Refused) as refusal:
        way.check_address(address)
    assert refusal.value.field == "address"


def test_connecting_tries_the_consent_and_looks_at_no_meeting(server, way, session):
    assert all(each.holds for each in way.check_connection(fake.CONNECTED, now=NOW))
    assert server.heard == ["POST /token"]
    for name in fake.CONNECTED:
        with pytest.raises(Refused) as refusal:
            way.check_connection({**fake.CONNECTED, name: " "}, now=NOW)
        assert refusal.value.field == name
    with pytest.raises(Unavailable) as failure:
        way.check_connection({**fake.CONNECTED, "refresh_token": "1//old"}, now=NOW)
    assert failure.value.trouble is Trouble.NOT_ALLOWED
    with pytest.raises(Unavailable) as failure:
        way.verify(replace(session, address="https://elsewhere.example/x"), now=NOW)
    assert failure.value.trouble is Trouble.GONE


def test_tec3_meet_create_verify_drift_end_purge(server, way, session):
    """The README's table is what these steps really gave."""
    held = made(way, session)
    told = {"verify": way.verify(held, now=NOW)}
    server.space["config"]["accessType"] = "TRUSTED"
    later = way.verify(held, now=NOW + timedelta(minutes=5))
    told["drift"] = [each for each in later if each.setting == "accessType"]
    way.end(held, now=NOW)
    told["purge"] = way.purge(held, now=NOW)
    lines = ["| step | control | setting | evidence | expected | seen | holds |", "|---|---|---|---|---|---|---|"]
    for step, proofs in told.items():
        for one in proofs:
            row = [step, one.control, one.setting, one.evidence, one.expected, one.seen]
            lines.append(f"| {' | '.join(row)} | {'yes' if one.holds else 'no'} |")
    readme = (Path(provider.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in readme, "\n" + "\n".join(lines)
