"""The log leaf is durable before anything is opened; no log, no look (promise 3)."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from circlekeeper.foundation import ledger, reveal
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.ledger import queries as lines

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
opened: list[int] = []


@reveal.reveal("test.record.open")
def _open(*, by: str, about: str, now: datetime) -> str:
    opened.append(len(lines.entries_about(about)))
    return "what was sealed"


@pytest.mark.django_db
def test_the_line_is_there_before_the_record_is_opened():
    opened.clear()
    about = new_id()

    assert _open(by=new_id(), about=about, now=NOW) == "what was sealed"

    assert opened == [1]


@pytest.mark.django_db
def test_every_look_is_a_line_of_its_own():
    about = new_id()

    for _ in range(3):
        _open(by=new_id(), about=about, now=NOW)

    assert len(lines.entries_about(about)) == 3


@pytest.mark.django_db
def test_a_log_that_cannot_be_written_opens_nothing(monkeypatch):
    opened.clear()

    def full(**_: object) -> int:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(ledger, "append_alone", full)

    with pytest.raises(reveal.LogUnavailable) as refused:
        _open(by=new_id(), about=new_id(), now=NOW)

    assert opened == []
    assert "sealed paper kit" in refused.value.sentence


@pytest.mark.django_db
def test_a_refused_look_is_logged_as_refused():
    about = new_id()

    reveal.denied("test.record.open", by=new_id(), about=about, at=NOW)

    assert lines.entries_about(about)[0].verb == "test.record.open.denied"
