"""What pages remember of each other ends with the first write, whoever writes."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from circlekeeper.foundation import ledger, memo, stamps
from circlekeeper.foundation.action import action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault.models import GroupKey

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
TABLE = "vault_groupkey"


@memo.remembered(TABLE, across_pages=True)
def _versions(group_id: str) -> int:
    return GroupKey.objects.filter(group_id=group_id).count()


@action("test.stamp.make")
def _make(*, by: str, group_id: str, now: datetime, version: int = 1, fail: bool = False) -> int:
    GroupKey.objects.create(group_id=group_id, version=version, publics={}, made_at=now)
    ledger.record(by=by, about=group_id, at=now)
    seen = _versions(group_id)
    if fail:
        raise RuntimeError
    return seen


@action("test.stamp.ask")
def _ask(*, by: str, group_id: str, now: datetime) -> int:
    ledger.record(by=by, about=group_id, at=now)
    return _versions(group_id)


def _elsewhere(run) -> None:
    """Run something on another connection, as another process would, and commit it."""

    def there() -> None:
        try:
            run()
        finally:
            connections.close_all()

    thread = threading.Thread(target=there)
    thread.start()
    thread.join()


@pytest.mark.django_db
def test_the_next_page_asks_for_the_stamps_only(django_assert_num_queries):
    group_id = new_id()
    with memo.page():
        assert _versions(group_id) == 0
    with memo.page(), django_assert_num_queries(1):
        assert [_versions(group_id) for _ in range(5)] == [0] * 5


@pytest.mark.django_db
def test_a_write_ends_what_was_remembered():
    group_id = new_id()
    with memo.page():
        assert _versions(group_id) == 0
        assert _make(by="system", group_id=group_id, now=NOW) == 1
        assert _versions(group_id) == 1
    with memo.page():
        assert _versions(group_id) == 1


@pytest.mark.django_db
def test_what_was_rolled_back_is_remembered_by_no_later_page():
    group_id = new_id()
    with memo.page():
        with pytest.raises(RuntimeError):
            _make(by="system", group_id=group_id, now=NOW, fail=True)
    with memo.page():
        assert _versions(group_id) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {table} (id, group_id, version, publics, previous, made_at)"
        " VALUES ('b', 'g', 1, '{{}}', '{{}}', '2026-11-23 18:00:00')",
        "UPDATE {table} SET version = 2 WHERE id = 'a'",
        "DELETE FROM {table} WHERE id = 'a'",
    ],
)
def test_a_statement_typed_by_hand_renews_the_stamp(statement):
    from circlekeeper.foundation import guard

    with guard.outside_action("test"), connection.cursor() as cursor:
        GroupKey.objects.create(pk="a", group_id="g", version=3, publics={}, made_at=NOW)
        before = stamps.read()
        cursor.execute(statement.format(table=TABLE))
    after = stamps.read()
    assert after[TABLE] != before[TABLE]
    assert {name: stamp for name, stamp in after.items() if name != TABLE} == {
        name: stamp for name, stamp in before.items() if name != TABLE
    }


@pytest.mark.django_db(transaction=True)
def test_another_connection_is_seen_by_the_next_page_and_by_the_action_of_this_one():
    group_id = new_id()
    with memo.page():
        assert _versions(group_id) == 0
    _elsewhere(lambda: _make(by="system", group_id=group_id, now=NOW))
    with memo.page():
        assert _versions(group_id) == 1
        _elsewhere(lambda: _make(by="system", group_id=group_id, now=NOW, version=2))
        assert _versions(group_id) == 1  # this page was begun before
        assert _ask(by="system", group_id=group_id, now=NOW) == 2  # what an action does stands on what is so now


@pytest.mark.django_db
def test_a_table_without_a_stamp_is_asked_for_on_each_page(django_assert_num_queries):
    group_id = new_id()
    with connection.cursor() as cursor:
        from circlekeeper.foundation import guard

        with guard.outside_action("test"):
            cursor.execute("DELETE FROM table_stamp WHERE name = %s", [TABLE])
    with memo.page():
        _versions(group_id)
    with memo.page(), django_assert_num_queries(2):
        _versions(group_id)


@pytest.mark.django_db
def test_every_table_that_pages_remember_has_a_stamp():
    assert memo.stamped_tables() <= set(stamps.read())


@pytest.mark.django_db
def test_a_table_made_anew_gets_its_triggers_back():
    from django.core.management import call_command

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {TABLE}_stamp_insert")
    before = stamps.read()[TABLE]
    call_command("migrate", verbosity=0)
    renewed = stamps.read()[TABLE]
    assert renewed != before
    _make(by="system", group_id=new_id(), now=NOW)
    assert stamps.read()[TABLE] != renewed
