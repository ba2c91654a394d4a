"""Prepared statements say what the mapper would say."""

from datetime import UTC, datetime

import pytest

from circlekeeper.foundation import guard, planned
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.statements import Prepared

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
COLUMNS = ("seq", "at", "actor", "leaf")


def entry(seq: int, actor: str) -> Entry:
    return Entry(seq=seq, at=AT, actor=actor, action="test.row.make", subject="x", leaf=b"\x00a", leaf_hash=b"b")


def test_rows_are_those_of_the_mapper_for_each_value():
    with guard.outside_action("test"):
        planned.insert([entry(1, "one"), entry(2, "two")])
    asked = Prepared(lambda actor: Entry.objects.filter(actor=actor, seq__gt=0).values_list(*COLUMNS), ["sample"])

    for actor in ("one", "two", "three"):
        mapped = [(*row[:3], bytes(row[3])) for row in Entry.objects.filter(actor=actor).values_list(*COLUMNS)]
        assert [(*row[:3], bytes(row[3])) for row in asked.rows(actor)] == mapped
    assert asked.rows("one")[0][1] == AT


def test_binary_values_are_found_by_their_bytes():
    with guard.outside_action("test"):
        planned.insert([entry(1, "one")])
    asked = Prepared(lambda leaf: Entry.objects.filter(leaf=leaf).values_list("seq"), [b"sample"])
    assert (asked.rows(b"\x00a"), asked.rows(b"a")) == ([(1,)], [])


@pytest.mark.parametrize("samples", [["test.row.make"], ["a", "b"]])
def test_a_sample_that_does_not_stand_alone_is_refused(samples):
    asked = Prepared(
        lambda *said: Entry.objects.filter(action="test.row.make", actor=said[0]).values_list("seq"), samples
    )
    with pytest.raises(ValueError, match="exactly once"):
        asked.rows(*samples)
