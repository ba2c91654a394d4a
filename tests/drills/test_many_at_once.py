"""Sixty-four people at the same moment: nobody sees an error, nobody counts twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connections
from django.template import Template
from django.test import utils

from bench import seed
from circlekeeper.areas.joining.models import Application
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings.actions.arriving import MOST_DEVICES
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock, ledger
from tests.journeys import story

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)
PEOPLE = 64
T = TypeVar("T")


def _at_once(work: Callable[[int], T], count: int = PEOPLE) -> list[T]:
    """Do it in that many threads; an exception in one of them fails the test."""

    def one(number: int) -> T:
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=count) as pool:
        return list(pool.map(one, range(count)))


@pytest.fixture(autouse=True)
def _draw_as_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under test each drawn template is told to every open test client: with 64 of them, that is most of the work."""
    monkeypatch.setattr(Template, "_render", utils._TestState.saved_data.template_render)  # type: ignore[attr-defined]


def _open_group() -> tuple[str, story.Browser, story.Browser]:
    _ada, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    _ben, cohost = story.second_holder(leader, group_id, "ben")
    story.plan(leader, group_id)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    return group_id, leader, cohost


def test_sixty_four_people_ask_to_join_at_once():
    group_id, _leader, _cohost = _open_group()

    keys = _at_once(lambda number: story.apply(group_id, f"Visitor {number}"))

    assert len(set(keys)) == PEOPLE
    assert Application.objects.filter(group_id=group_id).count() == PEOPLE
    assert ledger.verify().ok


def test_one_form_sent_sixty_four_times_is_one_application():
    group_id, _leader, _cohost = _open_group()
    visitor = story.Browser()
    fields = story.last_page(visitor, group_id, "Wren")

    pages = _at_once(lambda _number: story.Browser().send(f"/g/{group_id}/join/", 200, **fields))

    assert Application.objects.filter(group_id=group_id).count() == 1
    assert len({story.key_on(page) for page in pages}) == 1


def test_one_link_from_sixty_four_devices_lets_one_in():
    group_id, leader, cohost = _open_group()
    key = story.apply(group_id, "Wren")
    story.decide(group_id, leader, cohost)
    assert roster.active_count(group_id) == 1
    meeting_id = meetings.coming(group_ids=[group_id], now=clock.now())[0].id
    cockpit = f"/groups/{group_id}/meetings/{meeting_id}/"
    story.prepare(meeting_id, group_id, None, leader, cohost)
    leader.send(cockpit, do="open")
    door = story.own_page(key).send(f"/me/door/{meeting_id}/")

    told = _at_once(lambda _number: story.Browser().client.post(door, {"do": "arrive"}).status_code)

    assert sorted(told) == [302] * MOST_DEVICES + [409] * (len(told) - MOST_DEVICES)
    there = meetings.at_the_door(group_id=group_id, meeting_id=meeting_id)
    assert sum(not each.unverified for each in there) == 1
    leader.send(cockpit, do="admit", arrival=next(each.id for each in there if not each.unverified))
    other = next(each.id for each in there if each.unverified)
    leader.send(cockpit, 409, do="admit", arrival=other)


def test_sixty_four_people_come_to_the_door_at_once():
    made = seed.links(PEOPLE)
    doors = [f"/m/{token}/" for token in made["tokens"]]

    def come(number: int) -> str:
        browser = story.Browser()
        browser.see(doors[number])
        browser.send(doors[number], do="arrive")
        return browser.see(doors[number])

    pages = _at_once(come)

    assert all("You are in the waiting room" in page for page in pages)
    there = meetings.at_the_door(group_id=made["group"], meeting_id=made["meeting"])
    assert len(there) == PEOPLE
    assert not any(each.unverified for each in there)
    assert ledger.verify().ok
