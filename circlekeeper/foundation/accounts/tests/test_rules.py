"""Handles, codes, caps and lapsing, by rule."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.foundation.accounts import rules

people = st.sets(st.sampled_from("abcdefgh"), max_size=6)


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(text):
    assert rules.tidy_handle(rules.tidy_handle(text)) == rules.tidy_handle(text)


@given(st.text(max_size=60))
def test_no_handle_is_an_address(text):
    assert not ("@" in text and rules.handle_is_fine(rules.tidy_handle(text)))


def test_a_code_is_read_however_it_is_typed():
    code = rules.new_code()
    assert rules.tidy_code(code.upper().replace("-", "  ")) == rules.tidy_code(code)
    assert len(rules.tidy_code(code)) == 25
    assert rules.new_code() != code


@given(people, st.integers(0, 3), st.integers(0, 8))
def test_tec12_the_cap_counts_people_and_open_invitations(holders, waiting, cap):
    newcomer = "z"
    assert rules.over_cap(holders=holders, waiting=waiting, newcomer=newcomer, cap=cap) == (
        len(holders) + waiting + 1 > cap
    )
    assert not rules.over_cap(holders=holders, waiting=waiting, newcomer=newcomer, cap=None)
    for held in holders:
        assert not rules.over_cap(holders=holders, waiting=waiting, newcomer=held, cap=cap)


def test_tec12_a_role_is_asked_about_before_it_lapses():
    then = datetime(2026, 1, 1, tzinfo=UTC)
    asked = [day for day in range(200) if rules.to_confirm(confirmed_at=then, now=then + timedelta(days=day))]
    gone = [day for day in range(200) if rules.lapsed(confirmed_at=then, now=then + timedelta(days=day))]
    assert (asked[0], gone[0]) == (93, 107)
