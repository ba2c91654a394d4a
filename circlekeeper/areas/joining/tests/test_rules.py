"""What a decision needs, how strict a way is, and which numbers may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.rules import Lacking
from circlekeeper.foundation import playbook

paths = st.sampled_from(rules.PATHS)
counts = st.integers(0, 60)


@pytest.mark.parametrize(
    ("path", "facts", "lacking"),
    [
        ("form", {}, Lacking.VOTES),
        ("form", {"yes_votes": 1}, None),
        ("contact-proven", {"yes_votes": 1}, Lacking.PROOF),
        ("contact-proven", {"yes_votes": 1, "proven": True}, None),
        ("call", {"yes_votes": 1}, Lacking.CALL),
        ("call", {"yes_votes": 1, "call": "later"}, Lacking.CALL),
        ("call", {"yes_votes": 1, "call": "no"}, Lacking.CALL),
        ("call", {"yes_votes": 1, "call": "yes"}, None),
        ("call", {"yes_votes": 1, "proven": True}, Lacking.CALL),
        ("call-and-two", {"yes_votes": 1, "call": "yes", "deciders": 2}, Lacking.VOTES),
        ("call-and-two", {"yes_votes": 2, "call": "yes", "deciders": 2}, None),
        ("a way nobody knows", {"yes_votes": 9, "proven": True}, Lacking.CALL),
    ],
)
def test_hi1_med1_reg7_what_an_approval_lacks(path, facts, lacking):
    usual = {"proven": False, "call": "", "yes_votes": 0, "deciders": 1}
    assert rules.may_approve(path=path, **(usual | facts)) is lacking


@given(path=paths, proven=st.booleans(), call=st.sampled_from(("", "no", "later", "yes")), votes=st.integers(0, 4))
def test_tip1_a_stricter_way_never_lets_in_whom_a_lighter_one_keeps_out(path, proven, call, votes):
    for stricter in rules.paths_from(path):
        facts = {"proven": proven, "call": call, "yes_votes": votes}
        strict = rules.may_approve(path=stricter, deciders=rules.deciders_for(stricter, 1), **facts)
        light = rules.may_approve(path=path, deciders=rules.deciders_for(path, 1), **facts)
        if strict is None and path != "contact-proven":
            assert light is None


@given(one=st.text(), other=paths)
def test_tip1_a_way_nobody_knows_counts_as_the_most_careful(one, other):
    if one not in rules.PATHS:
        assert rules.stricter_path(one, other) in (one, rules.PATHS[-1])
        assert rules.paths_from(one) == (rules.PATHS[-1],)
    assert rules.stricter_path(other, "form") == other


def test_reg6_the_ways_are_those_of_the_playbook():
    setting = playbook.book().settings["intake-path"]
    assert tuple(setting.order) == rules.PATHS


@given(parts=st.lists(counts, min_size=2, max_size=4))
def test_reg6_no_number_shown_points_at_fewer_than_five(parts):
    sums = sorted((sum(parts[: n + 1]) for n in range(len(parts))), reverse=True)
    shown = rules.shown_counts(sums, 5)
    assert (shown[0] is None) == (sums[0] < 5)
    told = [each for each in shown if each is not None]
    assert all(each >= 5 for each in told)
    assert all(one == other or abs(one - other) >= 5 for one in told for other in told)


def test_reg6_waiting_times_of_a_few_are_not_shown():
    assert rules.middle([1, 2, 3, 4], 5) is None
    assert rules.middle([9, 1, 2, 3, 4], 5) == 3


def test_reg3_reg4_reg5_the_catalogue_asks_for_the_least_and_says_why():
    assert [each.name for each in rules.CATALOGUE] == ["alias", "contact", "emergency", "access"]
    assert [each.name for each in rules.CATALOGUE if each.required] == ["alias"]
    for each in rules.CATALOGUE:
        assert each.why.endswith(".")
        assert each.readers
        assert each.record in playbook.book().retention
    words = " ".join(f"{each.name} {each.label}".lower() for each in rules.CATALOGUE)
    for never in ("diagnos", "birth", "passport", "legal name", "gender", "address"):
        assert never not in words
