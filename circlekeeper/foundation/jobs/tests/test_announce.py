"""Events: with the action or not at all, told at least once, in order, and again after a failure."""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from circlekeeper.foundation import announce, guard, ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.jobs import tables
from circlekeeper.foundation.jobs.tests.conftest import NOW

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class MemberLeft:
    group_id: str
    member_id: str
    meetings: int
    left_on: date
    at: datetime
    successor_id: str | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    value: object


LEFT = MemberLeft("group-1", "member-1", 3, date(2026, 3, 1), NOW)

heard: list[tuple[str, Any]] = []


def first_listener(event: Any, *, now: datetime) -> None:
    heard.append(("first", event))


def second_listener(event: Any, *, now: datetime) -> None:
    heard.append(("second", event))


def deaf_listener(event: Any, *, now: datetime) -> None:
    raise LookupError("Maria Lopez")


@pytest.fixture(autouse=True)
def silence():
    heard.clear()


@action("test.member.leave")
def leave(*, by: str, now: datetime, event: object = LEFT, fail: bool = False) -> None:
    announce.announce(event, now=now)
    ledger.record(by=by, about="member-1", at=now)
    if fail:
        raise LookupError


def test_listeners_hear_the_same_event_after_the_action():
    leave(by="person-1", now=NOW)

    assert announce.deliver_due({MemberLeft: [first_listener, second_listener]}, NOW) == 1
    assert heard == [("first", LEFT), ("second", LEFT)]
    assert announce.deliver_due({MemberLeft: [first_listener, second_listener]}, NOW) == 0
    assert tables.events().get().done_at == NOW


def test_an_action_that_fails_announces_nothing():
    with pytest.raises(LookupError):
        leave(by="person-1", now=NOW, fail=True)

    assert not tables.events().exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_announced():
    with guard.outside_action("test"), pytest.raises(transaction.TransactionManagementError):
        announce.announce(LEFT, now=NOW)


@pytest.mark.parametrize(
    "value",
    ["Maria Lopez", "maria@example.org", "", "a" * 65, 1.5, b"x", ["a"], {"a": 1}, datetime(2026, 3, 1)],  # noqa: DTZ001
)
def test_an_event_with_anything_but_ids_numbers_and_dates_is_refused_without_repeating_it(value):
    with pytest.raises(ValueError, match="value is something else") as refusal:
        leave(by="person-1", now=NOW, event=Loose(value))

    assert "Maria" not in str(refusal.value)
    assert not tables.events().exists()


def test_only_the_listener_that_failed_hears_again_and_later_each_time(caplog):
    leave(by="person-1", now=NOW)
    handlers: announce.Handlers = {MemberLeft: [first_listener, deaf_listener, second_listener]}
    with caplog.at_level(logging.DEBUG):
        assert announce.deliver_due(handlers, NOW) == 0
    assert [name for name, _ in heard] == ["first", "second"]

    tried = []
    for second in range(1, 80):
        before = tables.events().get().attempts
        announce.deliver_due(handlers, NOW + second * SECOND)
        if tables.events().get().attempts != before:
            tried.append(second)
    assert tried == [10, 30, 70]
    assert [name for name, _ in heard] == ["first", "second"]
    row = tables.events().get()
    assert (row.last_error, row.done_at) == ("LookupError", None)
    assert "Maria" not in caplog.text + str(row.__dict__)


def test_events_are_told_in_the_order_they_happened():
    for number in range(5):
        leave(by="person-1", now=NOW, event=Loose(number))
    announce.deliver_due({Loose: [first_listener]}, NOW)

    assert [event.value for _, event in heard] == [0, 1, 2, 3, 4]


def test_an_event_nobody_listens_to_is_done_with():
    leave(by="person-1", now=NOW)

    assert announce.deliver_due({}, NOW) == 1


def test_an_event_written_by_a_clock_that_ran_ahead_does_not_wait_for_it():
    leave(by="person-1", now=NOW + timedelta(days=400))

    assert announce.deliver_due({MemberLeft: [first_listener]}, NOW) == 1


def test_a_listener_may_announce_in_turn():
    def chain(event, *, now):
        leave(by="system", now=now, event=Loose(event.meetings))

    leave(by="person-1", now=NOW)
    handlers: announce.Handlers = {MemberLeft: [chain], Loose: [first_listener]}
    announce.deliver_due(handlers, NOW)
    announce.deliver_due(handlers, NOW)

    assert heard == [("first", Loose(3))]


def test_install_replaces_what_was_installed():
    announce.install({MemberLeft: [first_listener]})
    announce.install({Loose: [second_listener]})

    assert dict(announce.installed()) == {Loose: [second_listener]}


def test_many_events_are_taken_and_noted_in_a_few_writes():
    for number in range(30):
        leave(by="person-1", now=NOW, event=replace(LEFT, member_id=f"member-{number}"))
    with CaptureQueriesContext(connection) as asked:
        assert announce.deliver_due({MemberLeft: [lambda event, now: None]}, NOW) == 30
    assert sum(query["sql"].startswith("UPDATE") for query in asked) == 2
    assert announce.deliver_due({MemberLeft: [first_listener]}, NOW) == 0


def test_what_was_heard_before_the_worker_broke_off_is_not_told_again():
    told: list[str] = []

    def breaks_off(event: MemberLeft, *, now: datetime) -> None:
        told.append(event.member_id)
        if len(told) == 2:
            raise KeyboardInterrupt

    for number in range(3):
        leave(by="person-1", now=NOW, event=replace(LEFT, member_id=f"member-{number}"))
    with pytest.raises(KeyboardInterrupt):
        announce.deliver_due({MemberLeft: [breaks_off]}, NOW)
    announce.deliver_due({MemberLeft: [breaks_off]}, NOW + timedelta(minutes=6))
    assert len(told) == 4
    assert told[0] not in told[1:]
