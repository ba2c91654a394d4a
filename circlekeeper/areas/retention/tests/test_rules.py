"""What goes and what stays, over invented rows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.retention import rules
from circlekeeper.areas.retention.rules import Holds, Item

_IDS = st.sampled_from("abcdefgh")
_OWNERS = st.none() | st.tuples(st.just("m"), _IDS)
_ITEMS = st.lists(
    st.builds(
        Item,
        model=st.sampled_from(["m", "n"]),
        row_id=_IDS,
        group_id=st.sampled_from("gh"),
        record=st.sampled_from(["roster", "consent"]),
        secret_id=st.sampled_from(["", "s1", "s2", "s3"]),
        count=st.integers(0, 5),
        owner=_OWNERS,
    ),
    max_size=12,
    unique_by=lambda item: (item.model, item.row_id),
)
_ROWS = st.frozensets(st.tuples(st.sampled_from(["m", "n"]), _IDS), max_size=4)
_HOLDS = st.builds(
    Holds, rows=_ROWS, secrets=st.frozensets(st.sampled_from(["s1", "s2"]), max_size=1), needed=_ROWS
)


@settings(max_examples=200)
@given(items=_ITEMS, holds=_HOLDS)
def test_everything_due_goes_or_stays_and_nothing_twice(items, holds):
    plan = rules.plan(items, holds)

    assert sorted(map(repr, plan.go + plan.stay)) == sorted(map(repr, items))
    assert plan.going + plan.staying == sum(item.count for item in items)


@settings(max_examples=200)
@given(items=_ITEMS, holds=_HOLDS)
def test_dat7_nothing_held_goes_nor_its_key_nor_what_belongs_to_it(items, holds):
    plan = rules.plan(items, holds)

    for item in plan.go:
        assert (item.model, item.row_id) not in holds.rows | holds.needed
        assert item.owner not in holds.rows
        assert item.secret_id not in holds.secrets
    assert plan.secrets.isdisjoint(item.secret_id for item in plan.stay)
    assert plan.secrets == {item.secret_id for item in plan.go if item.secret_id}


@settings(max_examples=100)
@given(items=_ITEMS)
def test_without_a_hold_everything_goes(items):
    assert rules.plan(items, Holds()).go == tuple(items)


@settings(max_examples=100)
@given(items=_ITEMS, holds=_HOLDS, more=_HOLDS)
def test_another_hold_never_makes_more_go(items, holds, more):
    both = Holds(holds.rows | more.rows, holds.secrets | more.secrets, holds.needed | more.needed)

    assert set(rules.plan(items, both).go) <= set(rules.plan(items, holds).go)


@settings(max_examples=100)
@given(items=_ITEMS, alive=st.frozensets(st.sampled_from(["s1", "s2", "s3"]), max_size=2))
def test_what_the_store_kept_is_not_certified(items, alive):
    plan = rules.without(rules.plan(items, Holds()), alive)

    assert plan.secrets.isdisjoint(alive)
    assert sorted(map(repr, plan.go + plan.stay)) == sorted(map(repr, items))
    kept = {(item.model, item.row_id) for item in plan.stay}
    assert all((item.model, item.row_id) in kept for item in items if item.secret_id in alive)


def test_the_digest_can_be_checked_by_anyone_with_the_ids():
    assert rules.digest(["b", "a"]) == rules.digest(["a", "b"])
    assert rules.digest(["a"]) == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
