"""Writers of one process wait for each other without napping, and never for themselves."""

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from circlekeeper.foundation import ledger, turns
from circlekeeper.foundation.action import action
from circlekeeper.foundation.ids import new_id

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@action("test.turn.inner")
def _inner(*, by: str, about: str, now: datetime) -> None:
    ledger.record(by=by, about=about, at=now)


@action("test.turn.outer")
def _outer(*, by: str, about: str, now: datetime, started: threading.Event, go_on: threading.Event) -> None:
    ledger.record(by=by, about=about, at=now)
    started.set()
    go_on.wait(5)
    _inner(by=by, about=about, now=now)


@pytest.mark.django_db(transaction=True)
def test_the_second_writer_goes_on_as_soon_as_the_first_is_done():
    started, go_on, done = threading.Event(), threading.Event(), []

    def second() -> None:
        try:
            _inner(by="system", about=new_id(), now=NOW)
            done.append(time.monotonic())
        finally:
            connections.close_all()

    def first() -> None:
        try:
            _outer(by="system", about=new_id(), now=NOW, started=started, go_on=go_on)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert started.wait(5)
    threads[1].start()
    assert done == []
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(done) == 1
    assert ledger.verify().ok


@pytest.mark.django_db(transaction=True)
def test_a_turn_ends_with_an_error_and_is_not_asked_for_twice():
    with pytest.raises(RuntimeError), turns.turn(), transaction.atomic():
        with turns.turn():
            raise RuntimeError
    if connection.vendor == "sqlite":
        lock = turns._locks["default"]
        free: list[bool] = []

        def take() -> None:
            free.append(lock.acquire(timeout=1))
            lock.release()

        thread = threading.Thread(target=take)
        thread.start()
        thread.join()
        assert free == [True]


@pytest.mark.django_db(transaction=True)
def test_whoever_holds_a_turn_for_too_long_keeps_nobody_out(monkeypatch):
    monkeypatch.setattr(turns, "_SECONDS", 0.01)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.turn():
            held.set()
            let_go.wait(5)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(5)
    _inner(by="system", about=new_id(), now=NOW)
    let_go.set()
    thread.join()
