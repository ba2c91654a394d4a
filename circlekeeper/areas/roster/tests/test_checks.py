"""What the roster says about itself, both ways."""

import pytest

from circlekeeper.areas.groups.models import Group
from circlekeeper.areas.roster import actions, checks
from circlekeeper.areas.roster.models import Compartment
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.foundation import guard, lifecycle
from circlekeeper.foundation.vault.models import GroupKey

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_reg2_sealed_records_are_found_sealed_and_a_missing_part_is_noticed():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)
    ask = Question(group_id, NOW)
    assert checks.every_record_is_sealed(ask).verdict is Verdict.MET
    with guard.outside_action("test data"):
        Compartment.objects.filter(member_id=someone.id, name="contact").update(wrap=b"")
    assert checks.every_record_is_sealed(ask).verdict is Verdict.NOT_MET


def test_dat1_a_group_without_keys_seals_nothing():
    group_id, _leader = factories.group()
    with guard.outside_action("test data"):
        GroupKey.objects.filter(group_id=group_id).delete()
    assert checks.every_record_is_sealed(Question(group_id, NOW)).verdict is Verdict.NOT_MET
    assert Group.objects.filter(pk=group_id).exists()


def test_kit9_one_without_a_record_is_one_missing_and_not_who():
    group_id, leader = factories.group(level="high")
    someone = factories.member(group_id, leader)
    found = checks.everyone_has_an_emergency_record(Question(group_id, NOW))
    assert (found.verdict, found.detail) == (Verdict.NOT_MET, "1 missing.")
    actions.save_emergency(
        by=someone.id, group_id=group_id, fields={"person": "Sam", "reach": "1"}, holder=someone.key, now=NOW
    )
    assert checks.everyone_has_an_emergency_record(Question(group_id, NOW)).verdict is Verdict.MET


def test_kit9_where_records_are_optional_nobody_is_missing():
    group_id, leader = factories.group(level="low")
    factories.member(group_id, leader)
    assert checks.everyone_has_an_emergency_record(Question(group_id, NOW)).verdict is Verdict.MET


def test_every_table_says_how_it_dies():
    assert [fault for fault in lifecycle.undeclared() if fault.startswith("roster.")] == []


@pytest.mark.parametrize(
    ("fields", "missing"), [({"person": "Sam"}, True), ({"person": "Sam", "reach": "0770"}, False)]
)
def test_kit9_half_a_record_from_joining_counts_as_missing(fields, missing):
    from datetime import date

    from circlekeeper.areas.roster import queries
    from circlekeeper.foundation.vault import memberkeys

    group_id, leader = factories.group(level="high")
    prepared = actions.prepare(
        group_id=group_id,
        fields={"alias": {"alias": "Wren"}, "contact": {}, "emergency": fields},
        holder=memberkeys.new_member_key().raw,
        now=NOW,
        check_again={"emergency": date(2027, 5, 23)},
    )
    member_id = actions.enrol(by="visitor", prepared=prepared, now=NOW)
    actions.admit(by=leader, ring=factories.ring(leader), group_id=group_id, member_id=member_id, now=NOW)
    found = queries.emergency_missing(group_id=group_id, on=factories.TODAY)
    assert (member_id in found) is missing
