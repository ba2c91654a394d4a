"""Statements made once write what Django's own would, and the guard sees them."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from circlekeeper.foundation import guard, planned
from circlekeeper.foundation.guard import UnguardedWrite
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.jobs.models import Event
from circlekeeper.foundation.vault.models import GroupKey
from circlekeeper.foundation.vault.shred.models import Secret

NOW = datetime(2026, 11, 23, 18, 0, 0, 123456, tzinfo=UTC)


def _key(group_id: str, version: int = 1) -> GroupKey:
    return GroupKey(group_id=group_id, version=version, publics={"door": "aé'"}, made_at=NOW)


def _plain(row: GroupKey) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_rows_come_back_as_django_would_have_written_them(count, django_assert_num_queries):
    group_id = new_id()
    made = [_key(group_id, version) for version in range(1, count + 1)]
    with guard.outside_action("test"), django_assert_num_queries(1):
        planned.insert(made)
    assert [_plain(row) for row in GroupKey.objects.filter(group_id=group_id).order_by("version")] == [
        _plain(row) for row in made
    ]
    assert not made[0]._state.adding


@pytest.mark.django_db(databases=["default", "shred"])
def test_bytes_dates_and_nothing_survive():
    made = [
        Secret(pk=new_id(), group_id="g", record="r", day=day, sealed=bytes(range(256)), made_at=NOW)
        for day in (None, date(2026, 11, 23))
    ]
    with guard.outside_action("test"):
        planned.insert(made, using="shred")
    found = [Secret.objects.get(pk=each.pk) for each in made]
    assert [each.day for each in found] == [None, date(2026, 11, 23)]
    assert {bytes(each.sealed) for each in found} == {bytes(range(256))}


@pytest.mark.django_db
def test_the_database_counts_where_it_counts():
    with guard.outside_action("test"):
        planned.insert([Event(name="a:b", payload={"n": 1}, at=NOW, next_try_at=NOW) for _ in range(2)])
    assert len(set(Event.objects.filter(name="a:b").values_list("pk", flat=True))) == 2


@pytest.mark.django_db
def test_outside_an_action_it_is_refused():
    with pytest.raises(UnguardedWrite):
        planned.insert([_key(new_id())])


@pytest.mark.django_db
def test_a_row_that_is_there_already_is_refused():
    group_id = new_id()
    with guard.outside_action("test"):
        planned.insert([_key(group_id)])
        with pytest.raises(IntegrityError):
            planned.insert([_key(group_id)])


@pytest.mark.django_db
def test_asking_whether_a_row_is_there():
    group_id = new_id()
    assert not planned.there(GroupKey, "group_id", group_id)
    with guard.outside_action("test"):
        planned.insert([_key(group_id)])
    assert planned.there(GroupKey, "group_id", group_id)
    assert not planned.there(GroupKey, "group_id", new_id())
