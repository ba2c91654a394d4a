"""Discord's traps, each with one test."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from circlekeeper.areas.meetings.provider import Evidence, Trouble, Unavailable
from circlekeeper.areas.meetings.tests.contract import CANARY, NOW
from circlekeeper.connectors.discord import provider, reading
from circlekeeper.connectors.discord.tests import fake
from circlekeeper.connectors.discord.tests.test_contract import LINK, server, session, way
from circlekeeper.foundation.errors import Refused

__all__ = ["server", "session", "way"]
SHARED = "STREAM given back, without MUTE_MEMBERS"


def seen(way, session):
    return {(each.control, each.setting): each for each in way.verify(session, now=NOW)}


def test_med2_only_the_channels_own_no_to_everybody_counts(server, way, session):
    """A right everybody has not got may still come with any other role; a no in the channel takes it from all at once."""
    assert seen(way, session)["meeting-password", "@everyone VIEW_CHANNEL"].holds
    server.channel["permission_overwrites"] = []
    for role in server.guild["roles"][:1]:
        role["permissions"] = "0"  # and still whoever has another role may look in
    found = seen(way, session)
    assert not found["meeting-password", "@everyone VIEW_CHANNEL"].holds
    assert not found["outside-chat-gated", "@everyone VIEW_CHANNEL"].holds
    assert not found["screen-share-off", "@everyone STREAM"].holds
    server.channel["type"] = 0
    assert not seen(way, session)["meeting-password", "type"].holds


def test_tec6_a_screen_is_given_back_only_to_those_who_also_moderate(server, way, session):
    assert seen(way, session)["screen-share-off", SHARED].holds  # the hosts' role has both
    server.overwrite(fake.MEMBERS, allow=str(fake.VIEW | fake.STREAM))
    server.overwrite("899999999999999999", allow=str(fake.STREAM))  # one person
    assert seen(way, session)["screen-share-off", SHARED].seen == "2"


def test_dat4_a_bot_that_may_come_in_and_one_of_ours_that_may_do_more_are_told(server, way, session):
    bots, own = ("tools-least-privilege", "bots that may come in"), ("tools-least-privilege", "our own bot")
    found = seen(way, session)
    assert found[bots].holds
    assert found[own].holds
    music, looker = server.guild["roles"][4], server.guild["roles"][3]
    music["permissions"] = str(reading.ADMINISTRATOR)
    looker["permissions"] = str(reading.ADMINISTRATOR)
    found = seen(way, session)
    assert (found[bots].seen, found[own].seen) == ("1", "may do more")
    music["permissions"] = "0"
    server.overwrite(music["id"], allow=str(fake.VIEW))
    assert seen(way, session)[bots].seen == "1"
    assert CANARY not in repr(found)
    assert not any("members" in each for each in server.heard)  # who is there is nothing to us


def test_tec7_nothing_tells_whether_somebody_records_and_there_is_no_waiting_room(way, session):
    can = {each.control: each.evidence for each in way.capabilities()}
    assert (can["recording-off"], can["waiting-room-tested"]) == (Evidence.ATTESTED, Evidence.IMPOSSIBLE)
    about = [each for each in way.verify(session, now=NOW) if each.control == "recording-off"]
    assert [(each.evidence, each.holds) for each in about] == [(Evidence.ATTESTED, False)]


def test_without_a_bot_nobody_is_asked_and_everything_is_a_hosts_word(server, way, session):
    found = [*way.verify(replace(session, connected={}), now=NOW), *way.purge(session, now=NOW)]
    assert {each.evidence for each in found} == {Evidence.ATTESTED}
    assert {"meeting-password", "screen-share-off", "recording-off"} <= {each.control for each in found}
    assert server.heard == []


def test_an_answer_about_another_channel_or_without_numbers_is_not_understood(server, way, session):
    for spoil in (
        lambda: server.channel.update(guild_id="800000000000000000"),
        lambda: server.channel.update(guild_id=fake.GUILD, permission_overwrites=None),
        lambda: server.channel.update(permission_overwrites=[{"id": fake.GUILD, "deny": "-1"}]),
    ):
        spoil()
        with pytest.raises(Unavailable) as failure:
            way.verify(session, now=NOW)
        assert failure.value.trouble is Trouble.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://discord.gg/abcdef",
        "https://discord.com/invite/abcdef",
        f"https://discord.com/channels/@me/{fake.CHANNEL}",
        f"https://discord.com.evil.example/channels/{fake.GUILD}/{fake.CHANNEL}",
        f"http://discord.com/channels/{fake.GUILD}/{fake.CHANNEL}",
        f"https://discord.com/channels/{fake.GUILD}/{fake.CHANNEL}/844444444444444444",
    ],
)
def test_only_a_link_to_a_channel_is_taken_and_no_invitation(way, address):
    way.check_address(LINK)
    with pytest.raises(Refused) as refusal:
        way.check_address(address)
    assert refusal.value.field == "address"


def test_connecting_tries_the_key_and_looks_at_no_server(server, way):
    assert all(each.holds for each in way.check_connection({"token": fake.TOKEN}, now=NOW))
    assert server.heard == ["GET /users/@me"]
    for token in ("", "xoxb-1", "Bot " + fake.TOKEN):
        with pytest.raises(Refused) as refusal:
            way.check_connection({"token": token}, now=NOW)
        assert refusal.value.field == "token"
    with pytest.raises(Unavailable) as failure:
        way.check_connection({"token": fake.TOKEN[:-1] + "y"}, now=NOW)
    assert failure.value.trouble is Trouble.NOT_ALLOWED


def test_tec3_discord_create_verify_drift_end_purge(server, way, session):
    """The README's table is what these steps really gave."""
    held = replace(session, remote=way.apply(session, now=NOW))
    told = {"verify": way.verify(held, now=NOW)}
    server.overwrite(fake.GUILD, deny=str(fake.STREAM))
    later = way.verify(held, now=NOW + timedelta(minutes=5))
    told["drift"] = [each for each in later if each.setting == "@everyone VIEW_CHANNEL"]
    way.end(held, now=NOW)
    told["purge"] = way.purge(held, now=NOW)
    lines = ["| step | control | setting | evidence | expected | seen | holds |", "|---|---|---|---|---|---|---|"]
    for step, proofs in told.items():
        for one in proofs:
            row = [step, one.control, one.setting, one.evidence, one.expected, one.seen]
            lines.append(f"| {' | '.join(row)} | {'yes' if one.holds else 'no'} |")
    readme = (Path(provider.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in readme, "\n" + "\n".join(lines)
