"""A place told late, and only to those who may come."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.conftest import as_host, as_member, at
from circlekeeper.areas.meetings.tests.factories import NOW, STARTS, Circle, circle, token
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.venues import actions, queries
from circlekeeper.areas.venues.models import Venue
from circlekeeper.areas.venues.sealing import Card, Told
from circlekeeper.foundation import announce, memo
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.vault import shredstore

__all__ = ["as_host", "as_member", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])
TYPED = {
    "address": "3 Mill Lane, blue door",
    "arrive": "Ring twice.",
    "booking": "Reading circle",
    "sign": "Rooms 1 to 4",
    "others": "A choir on the first floor",
    "exits": "Front and yard",
    "neutral": "on",
    "unheard": "on",
    "two_exits": "on",
}
SAID = ("Mill Lane", "Ring twice")


def placed(*aliases: str, **more: object) -> Circle:
    """A group that meets tonight at a place of its list."""
    found = circle(*aliases, online=False, **more)  # type: ignore[arg-type]
    venue = actions.write_place(
        by=found.leader.id,
        group_id=found.id,
        card=Card("Reading circle", "Rooms 1 to 4", "A choir", "Front and yard", True, True, True),
        told=Told(TYPED["address"], TYPED["arrive"]),
        now=NOW,
    )
    series = meetings.series_of(found.id)[0].id
    actions.choose_place(by=found.leader.id, group_id=found.id, venue_id=venue, series_id=series, now=NOW)
    return found


def told_anything(text: str) -> bool:
    return any(each in text for each in SAID)


def test_fmt1_the_card_is_written_sealed_and_chosen_for_the_meetings(as_host):
    found = circle("Wren", online=False)
    host, places = as_host(found.leader), f"/groups/{found.id}/places/"
    assert "No place is written down" in host.get(places).content.decode()
    wrong = host.post(places + "new/", TYPED | {"address": ""})
    assert wrong.status_code == 422
    assert "A choir on the first floor" in wrong.content.decode(), "what was typed is kept"

    made = host.post(places + "new/", TYPED)
    series = meetings.series_of(found.id)[0].id
    assert host.post(made.url, {"do": "choose", "series_id": series}).status_code == 302
    shown = host.get(made.url).content.decode()
    assert all(TYPED[each] in shown for each in ("address", "arrive", "booking", "sign", "others", "exits"))
    listed = host.get(places).content.decode()
    assert "Place 1" in listed
    assert not told_anything(listed)
    assert (
        "Place 1. It was seen to be private."
        in host.get(f"/groups/{found.id}/meetings/{found.meeting_id}/").content.decode()
    )
    row = Venue.objects.get()
    held = bytes(row.blob) + bytes(row.wrap) + bytes(row.told)
    assert not any(word.encode() in held for word in TYPED.values() if word != "on")

    assert host.post(made.url, {"do": "drop"}).status_code == 409, "meetings are planned there"
    old = row.secret_id
    assert host.post(made.url + "change/", TYPED | {"address": "9 Quay", "neutral": ""}).status_code == 302
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(old)
    assert queries.told(group_id=found.id, series_id=series) == "9 Quay\nRing twice."
    assert not queries.places(found.id)[0].fit


@pytest.mark.parametrize(("level", "hours"), [("medium", 72), ("high", 24)])
def test_fmt1_the_place_is_told_near_the_time_only(as_member, at, level, hours):
    found = placed("Wren", level=level)
    link = token(found, "Wren", now=NOW)
    for before, known in ((hours + 1, False), (hours - 1, True)):
        at(STARTS - timedelta(hours=before))
        pages = as_member(found, "Wren").get("/me/").content.decode(), Client().get(f"/m/{link}/").content.decode()
        assert [told_anything(each) for each in pages] == [known, known], (before, known)


def test_fmt1_nobody_who_may_not_come_and_no_file_ever_holds_it(as_host, as_member, at):
    found = placed("Wren", "Robin")
    link = token(found, "Robin")
    factories.join(found, "Linnet", agreeing=False)
    times = as_member(found, "Wren")
    entry = times.get(f"/me/times/{found.meeting_id}/entry.ics")
    assert entry.status_code == 200
    calendar = entry.content + times.get("/me/times/").content
    roster_do.leave(by="system", group_id=found.id, member_id=found.members["Robin"].id, now=NOW)
    announce.deliver_due(announce.installed(), NOW + timedelta(minutes=1))
    others = [
        calendar.decode(),
        Client().get(f"/m/{link}/").content.decode(),
        Client().get(f"/g/{found.id}/").content.decode(),
        as_member(found, "Linnet").get("/me/").content.decode(),
        as_host(found.second).get(f"/groups/{found.id}/meetings/").content.decode(),
        as_host(found.second).get(f"/groups/{found.id}/meetings/{found.meeting_id}/").content.decode(),
    ]
    assert told_anything(as_member(found, "Wren").get("/me/").content.decode()), "who may come is told"
    assert not [number for number, text in enumerate(others) if told_anything(text)]


def test_fmt1_a_place_of_another_group_is_not_there(as_host):
    found, other = placed("Wren"), placed("Finch")
    theirs = queries.places(other.id)[0]
    host = as_host(found.leader)
    assert host.get(f"/groups/{found.id}/places/{theirs.id}/").status_code == 404
    assert host.get(f"/groups/{found.id}/places/{theirs.id}/change/").status_code == 404
    with pytest.raises(Refused):
        actions.choose_place(
            by=other.leader.id,
            group_id=other.id,
            venue_id=theirs.id,
            series_id=meetings.series_of(found.id)[0].id,
            now=NOW,
        )
    assert re.fullmatch(r"Place \d", theirs.name)


def test_fmt1_where_nobody_chose_a_place_the_next_door_asks_only_whether_anything_changed():
    found = factories.circle("Wren", online=False)
    where = {"group_id": found.id, "series_id": found.facts.series_id}
    with memo.page():
        assert queries.told(**where) == ""

    with CaptureQueriesContext(connection) as asked, memo.page():
        assert queries.told(**where) == ""

    assert len(asked) == 1, [each["sql"] for each in asked]
