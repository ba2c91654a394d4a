"""Names, safe contact, emergency facts, dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.roster import rules
from circlekeeper.areas.roster.rules import AliasFault, AliasWarning, SafeContact, Says

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


contacts = st.builds(
    SafeContact,
    says=st.sampled_from(Says),
    channel=st.sampled_from([*rules.CHANNELS, "", "fax"]),
    address=st.sampled_from(["ann@example.org", "0770 090", "", " "]),
    start=st.sampled_from(["", "18:00", "22:00", "x"]),
    end=st.sampled_from(["", "20:00", "06:00"]),
    days=st.sampled_from([(), (1,), (6, 7)]),
    said_on=st.sampled_from(["", "2026-11-01", "2027-01-01", "2026-11-23"]),
    check_again_on=st.sampled_from(["", "2026-11-23", "2026-11-24", "2027-02-01"]),
)


@FEW
@given(contacts, st.sampled_from(rules.CHANNELS), st.integers(-60 * 24, 60 * 24))
def test_why1_nothing_is_sent_without_a_fresh_yes(contact, channel, minutes):
    local = NOON + timedelta(minutes=minutes)
    if rules.may_contact(contact, channel=channel, local=local):
        assert contact.says in (Says.YES, Says.AT_TIMES)
        assert contact.channel == channel
        assert contact.address.strip()
        assert date.fromisoformat(contact.said_on) <= local.date() < date.fromisoformat(contact.check_again_on)


@FEW
@given(contacts)
def test_safe_contact_survives_sealing(contact):
    assert SafeContact.from_fields(contact.as_fields()) == contact


def test_what_nobody_said_is_not_a_yes():
    assert not rules.may_contact(rules.NOT_ASKED, channel="mail", local=NOON)
    assert SafeContact.from_fields({"says": "maybe"}).says is Says.NOT_ASKED
    assert SafeContact.from_fields({}) == rules.NOT_ASKED


@pytest.mark.parametrize(("hour", "allowed"), [(21, False), (22, True), (23, True), (2, True), (6, False)])
def test_times_may_run_over_midnight(hour, allowed):
    contact = SafeContact(
        says=Says.AT_TIMES, channel="mail", address="a@example.org", start="22:00", end="06:00",
        said_on="2026-11-01", check_again_on="2027-01-01",
    )  # fmt: skip
    assert rules.may_contact(contact, channel="mail", local=NOON.replace(hour=hour)) is allowed


def test_after_midnight_the_time_belongs_to_the_evening_before():
    contact = SafeContact(
        says=Says.AT_TIMES, channel="mail", address="a@example.org", start="22:00", end="06:00", days=(7,),
        said_on="2026-11-01", check_again_on="2027-01-01",
    )  # fmt: skip
    # 23 November 2026 is a Monday: two in the morning still belongs to Sunday.
    assert rules.may_contact(contact, channel="mail", local=NOON.replace(hour=2))
    assert not rules.may_contact(contact, channel="mail", local=NOON.replace(hour=23))


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
