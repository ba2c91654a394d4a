"""Everybody comes in the same minute: no error, and one place for each device. How many statements that takes."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.actions.arriving import MOST_DEVICES
from circlekeeper.areas.meetings.models import Arrival, Meeting, PersonalLink
from circlekeeper.areas.meetings.rules import token_hash
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import DAY, NOW
from circlekeeper.foundation import guard, ledger
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)
MANY = 64


def links_for(found: factories.Circle, count: int) -> list[str]:
    """Links whose tokens are known, without the members behind them."""
    tokens = [new_id() for _ in range(count)]
    with guard.outside_action("test"):
        PersonalLink.objects.bulk_create(
            PersonalLink(
                pk=new_id(),
                meeting_id=found.meeting_id,
                group_id=found.id,
                member_id=new_id(),
                token_hash=token_hash(each),
                due_on=DAY,
            )
            for each in tokens
        )
        Meeting.objects.filter(pk=found.meeting_id).update(state="doors", doors_at=NOW)
    return tokens


def at_once(work: Any, asked: list[Any]) -> list[Any]:
    def alone(one: Any) -> Any:
        try:
            return work(one)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(alone, asked))


def test_tec4_sixty_four_people_with_sixty_four_links():
    found = factories.circle()
    tokens = links_for(found, MANY)

    answers = at_once(lambda link: factories.come(link, new_id()), tokens)

    assert {each.answer for each in answers} == {"wait"}
    assert len({each.arrival_id for each in answers}) == MANY == Arrival.objects.count()
    assert ledger.verify().ok


def test_fmt5_sixty_four_devices_with_one_link_one_is_the_links_own_and_few_get_a_place():
    found = factories.circle()
    (link,) = links_for(found, 1)

    def come(device: str) -> str:
        try:
            return str(factories.come(link, device).answer)
        except Refused:
            return "refused"

    answers = at_once(come, [new_id() for _ in range(MANY)])

    assert sorted(answers) == [
        *["refused"] * (MANY - MOST_DEVICES),
        "wait",
        *["wait-unverified"] * (MOST_DEVICES - 1),
    ]
    assert Arrival.objects.filter(unverified=False).count() == 1


def test_one_device_that_presses_sixty_four_times_has_one_place():
    found = factories.circle()
    (link,) = links_for(found, 1)

    answers = at_once(lambda _n: factories.come(link, "phone"), list(range(MANY)))

    assert len({each.arrival_id for each in answers}) == 1 == Arrival.objects.count()


def test_tec4_two_hosts_let_two_devices_with_one_link_in_at_the_same_moment():
    found = factories.circle()
    (link,) = links_for(found, 1)
    waiting = [factories.come(link, device).arrival_id for device in ("phone", "stranger")]

    def admit(arrival_id: str) -> bool:
        try:
            actions.admit(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)
        except Refused:
            return False
        return True

    assert sorted(at_once(admit, waiting)) == [False, True]
    assert Arrival.objects.filter(state="admitted").count() == 1


def told(captured: CaptureQueriesContext) -> list[str]:
    """What the database was asked, without the frame of the transaction."""
    frame = re.compile(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK|SET |SELECT pg_advisory", re.IGNORECASE)
    return [each["sql"] for each in captured.captured_queries if not frame.match(each["sql"])]


def test_arriving_takes_five_statements():
    found = factories.circle()
    (link,) = links_for(found, 1)
    browser = Client()
    browser.get("/healthz")
    with CaptureQueriesContext(connection) as first:
        assert browser.post(f"/m/{link}/", {"do": "arrive"}).status_code == 302
    with CaptureQueriesContext(connection) as again:
        browser.post(f"/m/{link}/", {"do": "arrive"})

    assert len(told(first)) <= 5, told(first)
    assert len(told(again)) <= 3, told(again)


def test_the_waiting_room_and_the_cockpits_list_take_few_however_many_wait():
    found = factories.circle()
    tokens = links_for(found, 12)
    for link in tokens:
        factories.come(link, new_id())
    with CaptureQueriesContext(connection) as looking:
        queries.place(token=tokens[0], device="phone", now=NOW)
    with CaptureQueriesContext(connection) as listing:
        assert len(queries.at_the_door(**found.here)) == 12

    assert len(told(looking)) == 1
    assert len(told(listing)) == 1
