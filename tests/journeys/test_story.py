"""The whole story of a survivors' group, over HTTP and without script."""

import re

import pytest

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock, ledger
from circlekeeper.foundation.accounts.tests.factories import Someone
from tests.journeys import story

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def _open_group() -> tuple[str, Someone, story.Browser, story.Browser]:
    host, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    _second, cohost = story.second_holder(leader, group_id, "ben")
    story.plan(leader, group_id)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    assert groups.group(group_id).is_open
    return group_id, host, leader, cohost


def test_hi1_a_survivors_group_from_set_up_to_the_end_of_its_first_meeting():
    group_id, host, leader, cohost = _open_group()
    keys = {alias: story.apply(group_id, alias) for alias in ("Wren", "Robin")}
    story.decide(group_id, leader, cohost)
    assert len(roster.active_ids(group_id)) == 2
    meeting = meetings.coming(group_ids=[group_id], now=clock.now())[0]
    cockpit = f"/groups/{group_id}/meetings/{meeting.id}/"

    story.prepare(meeting.id, group_id, host, leader, cohost)
    leader.send(cockpit, do="open")

    wren = story.own_page(keys["Wren"])
    door = wren.send(f"/me/door/{meeting.id}/")
    wren.send(door, do="arrive")
    assert "You are in the waiting room" in wren.see(door)

    stranger = story.Browser()
    stranger.send(door, do="arrive")
    assert "first opened on another device" in stranger.see(door)

    shown = leader.see(cockpit)
    assert "Wren" in shown
    assert "Unverified" in shown
    arrivals = re.findall(r'name="arrival" value="([a-z0-9]+)"', shown)
    leader.send(cockpit, do="admit", arrival=arrivals[0])
    assert "You can go in" in wren.see(door)

    leader.send(cockpit, do="card")
    leader.send(cockpit, do="lock")
    robin = story.own_page(keys["Robin"])
    late = robin.send(f"/me/door/{meeting.id}/")
    assert "The door is closed now" in robin.see(late)
    robin.send(late, do="arrive")
    assert "The door is closed now" in robin.see(late)

    wren.send(door, do="leave")
    wren.send(door, do="arrive")
    assert "You are in the waiting room" in wren.see(door)

    leader.send(cockpit, do="close")
    assert "1 person came" in story.plain(leader.see(cockpit))
    assert wren.see(door, 404)
    assert ledger.verify().ok
