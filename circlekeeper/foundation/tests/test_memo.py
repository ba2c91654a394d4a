"""Asked once per page, and never an answer older than a write."""

from datetime import UTC, datetime

import pytest

from circlekeeper.foundation import ledger, memo
from circlekeeper.foundation.action import action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault.models import GroupKey

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@memo.remembered("vault_groupkey")
def _versions(group_id: str) -> int:
    return GroupKey.objects.filter(group_id=group_id).count()


@action("test.version.make")
def _make(*, by: str, group_id: str, now: datetime, version: int = 1, fail: bool = False) -> int:
    GroupKey.objects.create(group_id=group_id, version=version, publics={}, made_at=now)
    ledger.record(by=by, about=group_id, at=now)
    seen = _versions(group_id)
    if fail:
        raise RuntimeError
    return seen


def test_a_page_asks_once(django_assert_num_queries):
    group_id = new_id()
    with memo.page(), django_assert_num_queries(1):
        assert [_versions(group_id) for _ in range(5)] == [0] * 5


def test_different_questions_are_different_answers():
    one, two = new_id(), new_id()
    _make(by="system", group_id=one, now=NOW)
    with memo.page():
        assert (_versions(one), _versions(two)) == (1, 0)


def test_a_write_is_seen_at_once_also_inside_the_action():
    group_id = new_id()
    with memo.page():
        assert _versions(group_id) == 0
        assert _make(by="system", group_id=group_id, now=NOW) == 1
        assert _versions(group_id) == 1


def test_what_was_rolled_back_was_never_seen():
    group_id = new_id()
    with memo.page():
        with pytest.raises(RuntimeError):
            _make(by="system", group_id=group_id, now=NOW, fail=True)
        assert _versions(group_id) == 0


def test_nothing_is_remembered_between_pages_or_outside_one(django_assert_num_queries):
    group_id = new_id()
    with django_assert_num_queries(4):
        with memo.page():
            _versions(group_id)
        with memo.page():
            _versions(group_id)
        _versions(group_id)
        _versions(group_id)
