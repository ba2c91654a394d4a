"""One way to write: a transaction, a verb, a ledger line, or nothing."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from circlekeeper.foundation import guard, ledger
from circlekeeper.foundation.action import NoLedgerLine, action, current_verb
from circlekeeper.foundation.ids import ID_LENGTH, new_id
from circlekeeper.foundation.ledger import queries as lines
from circlekeeper.foundation.vault.models import GroupKey

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def _a_group(pk: str) -> GroupKey:
    return GroupKey.objects.create(pk=pk, group_id=pk, version=1, publics={}, made_at=NOW)


@action("test.group.make")
def _make(*, by: str, pk: str, now: datetime) -> str:
    assert current_verb() == "test.group.make"
    _a_group(pk)
    ledger.record(by=by, about=pk, at=now)
    return pk


@action("test.group.silent")
def _silent(*, by: str, pk: str, now: datetime) -> None:
    _a_group(pk)


@pytest.mark.django_db
def test_an_action_writes_its_row_and_its_line_together():
    pk = _make(by="system", pk=new_id(), now=NOW)

    assert GroupKey.objects.filter(pk=pk).exists()
    assert lines.entries_about(pk)[0].verb == "test.group.make"


@pytest.mark.django_db
def test_an_action_without_a_line_leaves_nothing():
    pk = new_id()

    with pytest.raises(NoLedgerLine, match=r"test\.group\.silent"):
        _silent(by="system", pk=pk, now=NOW)

    assert not GroupKey.objects.filter(pk=pk).exists()


@pytest.mark.django_db
def test_a_line_of_an_earlier_action_does_not_count_for_a_later_one():
    _make(by="system", pk=new_id(), now=NOW)

    with pytest.raises(NoLedgerLine):
        _silent(by="system", pk=new_id(), now=NOW)


@pytest.mark.django_db
def test_a_write_outside_an_action_is_refused_and_names_only_the_table():
    with pytest.raises(guard.UnguardedWrite) as refused:
        _a_group(new_id())

    assert str(refused.value) == "vault_groupkey"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO vault_groupkey (id) VALUES ('x')",
        "  insert or replace into vault_groupkey (id) values ('x')",
        "UPDATE vault_groupkey SET version = 2",
        "DELETE FROM vault_groupkey",
    ],
)
def test_raw_statements_are_refused_too(sql):
    with pytest.raises(guard.UnguardedWrite), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_reading_needs_no_action():
    assert GroupKey.objects.count() == 0


def test_ids_are_opaque_and_never_alike():
    made = {new_id() for _ in range(1000)}

    assert len(made) == 1000
    assert all(len(each) == ID_LENGTH and each.isalnum() and each.islower() for each in made)


@action("test.group.make-first")
def _make_if_first(*, by: str, group_id: str, now: datetime) -> bool:
    first = not GroupKey.objects.filter(group_id=group_id).exists()
    # Long enough for every other thread to have asked the same by now, if it were let in.
    time.sleep(0.05)
    if first:
        GroupKey.objects.create(group_id=group_id, version=1 + GroupKey.objects.count(), publics={}, made_at=NOW)
    ledger.record(by=by, about=group_id, at=now)
    return first


@pytest.mark.django_db(transaction=True)
def test_what_an_action_has_read_is_still_so_when_it_writes():
    group_id = new_id()

    def one(_number: int) -> bool:
        try:
            return _make_if_first(by="system", group_id=group_id, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(one, range(8)))

    assert firsts.count(True) == 1
    assert GroupKey.objects.filter(group_id=group_id).count() == 1
