"""Meetings in a room and online at once."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.joining.tests import factories as joining
from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.conftest import as_host, as_member, at
from circlekeeper.areas.meetings.tests.factories import BEFORE, DAY, LINK, NOW, Circle, circle, token
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.venues import actions, queries, rules
from circlekeeper.areas.venues.models import CameraAsk
from circlekeeper.areas.venues.rules import Camera
from circlekeeper.areas.venues.sealing import Card, Told
from circlekeeper.foundation import announce
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.vault import shredstore

__all__ = ["as_host", "as_member", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])
QUIET = {
    "camera": "off",
    "cctv": "none",
    "microphone": "on",
    "speaker": "on",
    "assistant": "none",
    "silenced": "on",
}


def both(*aliases: str) -> Circle:
    """A group that said that it meets both ways, and does so tonight; only the two points of this room are open."""
    base = joining.team(overlays=("hybrid",))
    found = Circle(base.id, base.leader, base.second)
    meetings_do.plan_series(
        by=found.leader.id,
        group_id=found.id,
        format="hybrid",
        provider_name="outside-link",
        address=LINK,
        first_on=DAY,
        local_time=factories.STARTS.replace(hour=19).time(),
        minutes=90,
        every="week",
        until=None,
        now=BEFORE,
    )
    found.meeting_id = meetings.coming(group_ids=[found.id], now=BEFORE)[0].id
    joining.open_now(base)
    for alias in aliases:
        factories.join(found, alias)
    factories.prepare(found)
    choose(found, found.meeting_id)
    return found


def choose(found: Circle, meeting_id: str, *, fit: bool = True) -> str:
    """A place for tonight; returns its id."""
    venue = actions.write_place(
        by=found.leader.id,
        group_id=found.id,
        card=Card("Reading circle", "", "", "", fit, True, True),
        told=Told("3 Mill Lane", ""),
        now=NOW,
    )
    series = meetings.meeting(group_id=found.id, meeting_id=meeting_id).series_id
    actions.choose_place(by=found.leader.id, group_id=found.id, venue_id=venue, series_id=series, now=NOW)
    return venue


def address(found: Circle, page: str) -> str:
    return f"/groups/{found.id}/meetings/{found.meeting_id}/{page}"


def waits(found: Circle, now: object = NOW) -> set[str]:
    gate = safeguards.gate(found.id, "start", now, found.meeting_id)  # type: ignore[arg-type]
    return {each.control for each in gate if each.blocking}


def rehearsed(found: Circle, host: Client) -> None:
    words = rules.screen_words(found.meeting_id)
    said = {"read": words.upper(), "heard": "on", "door": "on"}
    assert host.post(address(found, "rehearsal/"), said).status_code == 302


def test_fmt12_both_sets_are_asked_and_nothing_starts_without_a_rehearsal(as_host):
    with pytest.raises(Refused):
        plain = circle("Wren")
        meetings_do.plan_series(
            by=plain.leader.id,
            group_id=plain.id,
            format="hybrid",
            provider_name="outside-link",
            address=LINK,
            first_on=DAY,
            local_time=factories.STARTS.time(),
            minutes=90,
            every="once",
            until=None,
            now=NOW,
        )
    found = both("Wren")
    assert {"hybrid-rehearsed", "hybrid-room-checked"} == waits(found)
    asked = {each.control for each in safeguards.gate(found.id, "start", NOW, found.meeting_id)}
    assert {"waiting-room-tested", "recording-off", "links-sent-privately"} <= asked, "all that is asked online"
    opened = {each.control for each in safeguards.gate(found.id, "open", NOW)}
    assert {"venue-private", "door-first-names"} <= opened, "all that is asked of a room"

    host = as_host(found.leader)
    assert address(found, "devices/") in host.get(address(found, "")).content.decode()
    host.post(address(found, "devices/"), QUIET)
    assert waits(found) == {"hybrid-rehearsed"}
    with pytest.raises(Refused):
        meetings_do.open_doors(by=found.leader.id, now=NOW, **found.here)
    wrong = host.post(address(found, "rehearsal/"), {"read": "purple haddock", "heard": "on", "door": "on"})
    assert wrong.status_code == 422
    assert "These are not the words" in wrong.content.decode()
    rehearsed(found, host)
    assert waits(found) == set()
    meetings_do.open_doors(by=found.leader.id, now=NOW, **found.here)
    assert "A list for the door" in host.get(address(found, "")).content.decode()


def test_fmt1_a_room_must_have_been_seen_to_be_private_before_the_doors_open():
    found = both("Wren")

    def stands(now: datetime = NOW) -> str:
        gate = safeguards.gate(found.id, "start", now, found.meeting_id)
        return str(next(each.standing for each in gate if each.control == "venue-private"))

    assert stands() == "fine"
    assert stands(NOW + timedelta(days=300)) != "fine", "seen too long ago"
    choose(found, found.meeting_id, fit=False)
    assert stands() != "fine"


def test_fmt12_what_was_tried_the_day_before_yesterday_counts_no_more():
    found = both("Wren")
    early = found.facts.starts_at - timedelta(hours=25)
    words = rules.screen_words(found.meeting_id)
    actions.rehearse(by=found.leader.id, read=words, heard=True, door=True, now=early, **found.here)
    assert "hybrid-rehearsed" in waits(found)
    actions.rehearse(
        by=found.leader.id, read=words, heard=True, door=True, now=early + timedelta(hours=2), **found.here
    )
    assert "hybrid-rehearsed" not in waits(found)


def test_fmt10_a_camera_without_everybodys_yes_keeps_the_doors_closed(as_host, as_member):
    found = both("Wren", "Robin", "Linnet")
    host = as_host(found.leader)
    host.post(address(found, "devices/"), QUIET | {"camera": "on"})
    rehearsed(found, host)
    assert waits(found) == {"hybrid-room-checked"}
    door = Client().get(f"/m/{token(found, 'Wren')}/").content.decode()
    assert "A camera films the room." in door
    assert "A microphone picks up what is said in the room." in door

    said = {}
    for alias, answer in (("Wren", "yes"), ("Robin", "yes"), ("Linnet", "no")):
        mine = as_member(found, alias)
        assert "May the room be filmed" in mine.get("/me/").content.decode()
        said[alias] = mine.post("/me/room/", {"answer": answer}, follow=True).content.decode()
    plain = [re.sub(r'name="csrf[^>]*>', "", said[each]) for each in ("Wren", "Linnet")]
    assert plain[0] == plain[1], "a yes and a no look alike"
    shown = host.get(address(found, "devices/")).content.decode()
    assert not any(each in shown for each in found.members), "nobody learns whose no it was"
    assert waits(found) == {"hybrid-room-checked"}
    verbs = {(each.verb, each.by) for each in log.entries_about(found.meeting_id)}
    assert ("venues.camera.answer", "member") in verbs

    as_member(found, "Linnet").post("/me/room/", {"answer": "yes"})
    assert waits(found) == set()
    (ask,) = CameraAsk.objects.all()
    assert found.members["Wren"].id.encode() not in bytes(ask.sealed)
    meetings_do.open_doors(by=found.leader.id, now=NOW, **found.here)
    meetings_do.close_meeting(by=found.leader.id, now=NOW, **found.here)
    announce.deliver_due(announce.installed(), NOW + timedelta(minutes=1))
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(ask.secret_id)


def test_fmt10_switched_off_again_nobody_is_asked_any_more(as_host, as_member):
    found = both("Wren", "Robin", "Linnet")
    host = as_host(found.leader)
    host.post(address(found, "devices/"), QUIET | {"cctv": "on"})
    assert queries.asks_camera(found.meeting_id)
    host.post(address(found, "devices/"), QUIET)
    assert not queries.asks_camera(found.meeting_id)
    assert as_member(found, "Wren").post("/me/room/", {"answer": "no"}).status_code == 404
    assert "Nothing films the room." in Client().get(f"/m/{token(found, 'Wren')}/").content.decode()
    host.post(address(found, "devices/"), QUIET | {"assistant": "on"})
    assert "hybrid-room-checked" in waits(found)


def test_fmt11_the_screen_shows_nothing_of_anybody_whoever_is_signed_in(as_host):
    found = both("Wren")
    host = as_host(found.leader)
    host.post(address(found, "devices/"), {each: value for each, value in QUIET.items() if each != "silenced"})
    assert "hybrid-room-checked" in waits(found), "messages can show on the screen"
    page = host.get(address(found, "devices/")).content.decode()
    screen = re.findall(r'href="(/screen/[^"]+)"', page)[0]
    signed_in, nobody = host.get(screen).content.decode(), Client().get(screen).content.decode()
    assert signed_in == nobody
    assert rules.screen_words(found.meeting_id) in nobody
    assert not any(each in nobody for each in ("Wren", "/groups/", "/today/", found.members["Wren"].id))
    assert Client().get(screen[:-3] + "x/").status_code == 404


@given(st.dictionaries(st.sampled_from("abcdef"), st.booleans()), st.sets(st.sampled_from("abcdef")))
def test_fmt10_one_no_or_one_silence_is_enough(answers, members):
    found = rules.camera({"camera": "on"}, members=members, answers=answers)
    agreed = len(members) >= rules.FEWEST_ASKED and all(answers.get(each) for each in members)
    assert found is (Camera.ALLOWED if agreed else Camera.NOT_ALLOWED)
    assert rules.camera({"camera": "off", "cctv": "none"}, members=members, answers=answers) is Camera.OFF
