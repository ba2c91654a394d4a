"""Slack's traps, each with one test."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from circlekeeper.areas.meetings.provider import Evidence, Trouble, Unavailable, Wanted
from circlekeeper.areas.meetings.tests.contract import CANARY, NOW
from circlekeeper.connectors.slack import provider
from circlekeeper.connectors.slack.tests import fake
from circlekeeper.connectors.slack.tests.test_contract import LINK, server, session, way
from circlekeeper.foundation.errors import Refused

__all__ = ["server", "session", "way"]


def seen(way, session):
    return {each.setting: each for each in way.verify(session, now=NOW)}


def test_med2_a_closed_channel_is_read_and_nobody_in_it_is_named(server, way, session):
    found = seen(way, session)
    assert found["is_private"].holds
    assert found["num_members"].holds
    assert CANARY not in repr(found)
    assert not seen(way, replace(session, wanted=Wanted(people=8)))["num_members"].holds
    del server.channel["is_org_shared"]
    assert seen(way, session)["is_org_shared"].seen == "unknown"
    assert fake.CHANNEL not in " ".join(server.heard)  # nothing of a group in an address


def test_tec7_of_notes_by_a_machine_nothing_can_be_read_so_it_is_a_persons_word(way, session):
    can = {each.control: each.evidence for each in way.capabilities()}
    assert can["recording-off"] is Evidence.ATTESTED
    assert {can[each] for each in ("waiting-room-tested", "room-locked", "screen-share-off")} == {
        Evidence.IMPOSSIBLE
    }
    about = [each for each in way.verify(session, now=NOW) if each.control == "recording-off"]
    assert [(each.evidence, each.holds) for each in about] == [(Evidence.ATTESTED, False)]


def test_a_no_inside_a_yes_is_a_no(server, way, session):
    for why, trouble in (
        ("token_revoked", Trouble.NOT_ALLOWED),
        ("missing_scope", Trouble.NOT_ALLOWED),
        ("ratelimited", Trouble.BUSY),
        ("fatal_error", Trouble.NOT_UNDERSTOOD),
    ):
        server.spoiled = server.no(why)
        with pytest.raises(Unavailable) as failure:
            way.verify(session, now=NOW)
        assert failure.value.trouble is trouble


def test_without_a_key_nobody_is_asked_and_everything_is_a_hosts_word(server, way, session):
    found = [*way.verify(replace(session, connected={}), now=NOW), *way.purge(session, now=NOW)]
    assert {each.evidence for each in found} == {Evidence.ATTESTED}
    assert {"meeting-password", "recording-off"} <= {each.control for each in found}
    assert server.heard == []


def test_dat4_a_key_that_may_do_more_than_look_is_refused(server, way):
    [found] = way.check_connection({"token": fake.TOKEN}, now=NOW)
    assert found.holds
    assert server.heard == ["POST /auth.test"]
    server.scopes = "groups:read,chat:write"
    for token in (fake.TOKEN, "xoxp-1234", ""):
        with pytest.raises(Refused) as refusal:
            way.check_connection({"token": token}, now=NOW)
        assert refusal.value.field == "token"
    with pytest.raises(Unavailable) as failure:
        way.check_connection({"token": "xoxb-another"}, now=NOW)
    assert failure.value.trouble is Trouble.NOT_ALLOWED


@pytest.mark.parametrize(
    "address",
    [
        "",
        f"http://app.slack.com/huddle/T0123456789/{fake.CHANNEL}",
        "https://app.slack.com/huddle/T0123456789",
        f"https://join.slack.com.evil.example/archives/{fake.CHANNEL}",
        f"https://circle.slack.com/archives/{fake.CHANNEL}?token=x",
        "https://join.slack.com/t/circle/shared_invite/zt-1",
    ],
)
def test_only_a_link_to_a_huddle_or_its_channel_is_taken(way, address):
    way.check_address(LINK)
    way.check_address(f"https://circle.slack.com/archives/{fake.CHANNEL}")
    with pytest.raises(Refused) as refusal:
        way.check_address(address)
    assert refusal.value.field == "address"


def test_tec3_slack_create_verify_drift_end_purge(server, way, session):
    """The README's table is what these steps really gave."""
    held = replace(session, remote=way.apply(session, now=NOW))
    told = {"verify": way.verify(held, now=NOW)}
    server.channel["is_private"] = False
    later = way.verify(held, now=NOW + timedelta(minutes=5))
    told["drift"] = [each for each in later if each.setting == "is_private"]
    way.end(held, now=NOW)
    told["purge"] = way.purge(held, now=NOW)
    lines = ["| step | control | setting | evidence | expected | seen | holds |", "|---|---|---|---|---|---|---|"]
    for step, proofs in told.items():
        for one in proofs:
            row = [step, one.control, one.setting, one.evidence, one.expected, one.seen]
            lines.append(f"| {' | '.join(row)} | {'yes' if one.holds else 'no'} |")
    readme = (Path(provider.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in readme, "\n" + "\n".join(lines)
