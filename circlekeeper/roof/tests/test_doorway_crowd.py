"""Everybody at once, through the thread that writes them together: nobody is lost and nobody is there twice."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from circlekeeper.areas.meetings.actions.arriving import MOST_DEVICES
from circlekeeper.areas.meetings.models import Arrival, PersonalLink
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW
from circlekeeper.areas.meetings.tests.test_many import links_for
from circlekeeper.foundation import clock, ledger
from circlekeeper.foundation.ids import new_id
from circlekeeper.roof.doorway import Doorway
from circlekeeper.roof.tests.browsers import Exchange, Server
from circlekeeper.serving.together import Together

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)
MANY = 64
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def half_past_six(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def letting_go(work: Callable[..., Any]) -> Callable[..., Any]:
    """Close this thread's connections afterwards, so that the test's database can be emptied."""

    def alone(*args: Any) -> Any:
        try:
            return work(*args)
        finally:
            connections.close_all()

    return alone


class Line(Together[Any]):
    """The doorway's thread; keeps how many were written together each time."""

    def __init__(self, work: Callable[[list[Any]], None], *, name: str) -> None:
        self.batches: list[int] = []
        super().__init__(letting_go(work), name=name)

    def _take(self) -> list[Any]:
        taken = super()._take()
        self.batches.append(len(taken))
        return taken


class Alone(ThreadPoolExecutor):
    """The doorway's threads for what Django answers."""

    def submit(self, call: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        return super().submit(letting_go(call), *args, **more)


@pytest.fixture
def crowd():
    """A server whose pages were drawn once, and the links of a meeting that runs."""
    found = factories.circle()
    tokens = links_for(found, MANY + 1)
    server = Server(Doorway(together=Line, alone=Alone(2)))
    spare = tokens.pop()
    server.ask("GET", f"/m/{spare}/")
    server.ask("POST", f"/m/{spare}/", {"do": "arrive"})
    return server, tokens


def at_once(server: Server, asked: list[tuple[str, str]]) -> list[Exchange]:
    """A form from each device with each link, all at the same moment."""

    @letting_go
    def come(one: tuple[str, str]) -> Exchange:
        link, device = one
        return server.ask("POST", f"/m/{link}/", {"do": "arrive", "device": device})

    with server.watched(), ThreadPoolExecutor(MANY) as pool:
        answers: list[Exchange] = list(pool.map(come, asked))
        until = time.monotonic() + PATIENCE
        while not all(each.status or each.failed for each in answers) and time.monotonic() < until:
            time.sleep(0.005)
    return answers


def test_tec4_sixty_four_people_at_once_ahead_of_django(crowd):
    server, tokens = crowd
    before, size = server.seen, ledger.queries.size()

    answers = at_once(server, [(link, new_id()) for link in tokens])

    assert {each.status for each in answers} == {302}
    assert not any(each.failed for each in answers)
    assert len({each.device for each in answers}) == MANY
    assert Arrival.objects.count() == MANY + 1
    assert PersonalLink.objects.filter(device_hash__isnull=True).count() == 0
    assert ledger.queries.size() == size + MANY
    assert ledger.verify().ok
    assert server.seen == before
    # Written together: some of them shared a transaction.
    assert sum(server.desk._arriving.batches) == MANY


def test_fmt5_sixty_four_devices_with_one_link_between_others_who_come(crowd):
    """Those who are refused spoil nothing for those who share their transaction."""
    server, tokens = crowd
    shared, others = tokens[0], tokens[1:9]
    asked = [(shared, new_id()) for _ in range(MANY - len(others))]
    for number, link in enumerate(others):
        asked.insert(number * 7, (link, new_id()))

    answers = at_once(server, asked)

    told = sorted(each.status for each in answers)
    assert told == [302] * (MOST_DEVICES + len(others)) + [409] * (MANY - MOST_DEVICES - len(others))
    assert Arrival.objects.filter(unverified=True).count() == MOST_DEVICES - 1
    assert Arrival.objects.filter(unverified=False).count() == len(others) + 2
    assert ledger.verify().ok


def test_one_device_that_sends_its_form_sixty_four_times_has_one_place(crowd):
    server, tokens = crowd
    answers = at_once(server, [(tokens[0], "a" * 26)] * MANY)
    assert {each.status for each in answers} == {302}
    assert {each.device for each in answers} == {"a" * 26}
    assert Arrival.objects.count() == 2


def test_links_nobody_gave_out_are_told_so_one_by_one(crowd):
    server, tokens = crowd
    server.ask("GET", f"/m/{new_id()}/")
    size = ledger.queries.size()
    answers = at_once(server, [(new_id(), new_id()) for _ in range(8)] + [(tokens[0], new_id())])
    assert sorted(each.status for each in answers) == [302] + [404] * 8
    assert ledger.queries.size() == size + 1
