"""Names, safe contact, emergency facts, dates."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.roster import rules
from circlekeeper.areas.roster.rules import AliasFault, AliasWarning

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FEW = settings(max_examples=80, deadline=None)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("Wren", None),
        ("小鳥", None),
        ("O'Dell 2", None),
        ("", AliasFault.EMPTY),
        ("\u202e\u200b", AliasFault.EMPTY),
        ("x" * 41, AliasFault.LONG),
        ("ann@example.org", AliasFault.ADDRESS),
        ("www.example", AliasFault.ADDRESS),
        ("Ann 0770 090 0123", AliasFault.NUMBER),
        ("!!! 12", AliasFault.NO_LETTER),
    ],
)
def test_reg1_what_a_name_may_be(typed, fault):
    assert rules.alias_fault(rules.tidy_alias(typed)) is fault


@FEW
@given(st.text(max_size=60))
def test_reg1_a_tidied_name_hides_nothing_and_stays_tidy(typed):
    alias = rules.tidy_alias(typed)
    assert rules.tidy_alias(alias) == alias
    assert not set(alias) & set("\u202e\u2066\u200b\u200d\0\n\r\t")


@pytest.mark.parametrize(
    ("alias", "other"),
    [
        ("Wren", "wren"),
        ("Robin", "R0bin"),
        ("modern", "modem"),
        ("Анна", "Aннa"),
        ("Jose", "José"),
        ("Quietly", "Quietiy"),
    ],
)
def test_reg1_look_alikes_are_noticed(alias, other):
    assert AliasWarning.LOOKS_ALIKE in rules.alias_warnings(alias, others=[other])


def test_reg1_different_names_are_left_alone():
    assert rules.alias_warnings("Ann", others=["Ana", "Wren"]) == ()
    assert rules.alias_warnings("Quiet River") == ()


@pytest.mark.parametrize(
    ("alias", "mail"),
    [
        ("Ann Lee", "ann.lee@example.org"),
        ("annlee", "ann.lee@example.org"),
        ("Ann", "ann+x@example.org"),
        ("Lee", "ann_lee@example.org"),
    ],
)
def test_reg1_a_name_from_the_mail_address_is_noticed(alias, mail):
    assert AliasWarning.MAIL_STEM in rules.alias_warnings(alias, mail=mail)


@pytest.mark.parametrize(
    ("alias", "full"), [("Jane Smith", True), ("Jane", False), ("little wren", False), ("Jane M Smith", True)]
)
def test_reg1_what_looks_like_a_legal_name_is_noticed(alias, full):
    assert (AliasWarning.FULL_NAME in rules.alias_warnings(alias)) is full


@pytest.mark.parametrize(
    ("fields", "usable"),
    [
        ({"area": "Leeds", "number": "112"}, True),
        ({"person": "Sam", "reach": "0770"}, True),
        ({"area": "Leeds"}, False),
        ({"person": "Sam"}, False),
        ({}, False),
    ],
)
def test_faq2a_a_record_counts_when_it_helps_tonight(fields, usable):
    today = date(2026, 11, 23)
    assert rules.emergency_usable(fields, check_again_on=date(2027, 1, 1), today=today) is usable
    assert not rules.emergency_usable(fields, check_again_on=today, today=today)
    assert not rules.emergency_usable(fields, check_again_on=None, today=today)


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@FEW
@given(st.none() | days, st.none() | days)
def test_ret1_the_later_of_leaving_and_last_attendance_counts(left, attended):
    start = rules.due_start(left_on=left, last_attended_on=attended)
    if left is None:
        assert start is None
    else:
        assert start == max(left, attended or left)
