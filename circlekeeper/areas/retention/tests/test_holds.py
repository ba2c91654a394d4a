"""Legal holds (DAT7): one item waits, everything else goes."""

from datetime import timedelta

import pytest

from circlekeeper.areas.agreements.models import Consent, Pledge
from circlekeeper.areas.retention import actions, queries
from circlekeeper.areas.retention.models import Hold
from circlekeeper.areas.retention.tests import factories
from circlekeeper.areas.retention.tests.factories import NOW, TODAY
from circlekeeper.areas.retention.tests.test_run import noon, run
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.roster.models import Compartment, EmergencyRecord, Member
from circlekeeper.areas.roster.tests import factories as members
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)
UNTIL = TODAY + timedelta(days=400)


def hold(row_id, group_id, *, model="roster.Member", until=UNTIL, reason="complaint", now=NOW):
    return actions.place_hold(
        by="p" * 26,
        group_id=group_id,
        model=model,
        row_id=row_id,
        reason=reason,
        reviewer="r" * 26,
        until=until,
        now=now,
    )


def test_dat7_a_hold_keeps_its_item_while_others_go():
    group_id, _leader = members.group()
    kept, goes = factories.due_member(group_id, TODAY), factories.due_member(group_id, TODAY)
    hold(kept.pk, group_id)

    plan, _run = run(noon(TODAY))

    assert (plan.going, plan.staying) == (1, 1)
    assert list(Member.objects.values_list("pk", flat=True)) == [kept.pk]
    assert shredstore.secret(kept.secret_id)
    assert shredstore.secrets([goes.secret_id]) == {}


def test_a_hold_on_a_member_keeps_what_belongs_to_them():
    someone = factories.leaver()
    about = factories.everything_about(someone)
    parts = set(Compartment.objects.values_list("secret_id", flat=True))
    hold(someone.id, someone.group_id)

    run(noon(Member.objects.get().due_on))

    assert Member.objects.exists()
    assert Compartment.objects.count() >= 4
    assert Consent.objects.count() == 1
    assert Pledge.objects.count() == 2
    assert set(shredstore.secrets([*parts, about["secret"]])) == {*parts, about["secret"]}


def test_a_held_part_keeps_the_row_it_would_fall_with_and_the_rest_goes():
    someone = factories.leaver()
    factories.everything_about(someone)
    emergency = EmergencyRecord.objects.get()
    hold(emergency.pk, someone.group_id, model="roster.EmergencyRecord")

    run(noon(Member.objects.get().due_on))

    assert EmergencyRecord.objects.get().pk == emergency.pk
    assert shredstore.secret(emergency.secret_id)
    assert Member.objects.exists()
    assert not Consent.objects.exists()


def test_dat7_a_hold_on_an_erased_key_is_impossible_and_says_so():
    group_id, _leader = members.group()
    gone = factories.due_member(group_id, TODAY)
    shredstore.shred([gone.secret_id], now=NOW)

    with pytest.raises(Refused, match="already destroyed"):
        hold(gone.pk, group_id)

    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"reason": "because"}, "reason from the list"), ({"until": TODAY}, "an end date that lies ahead")],
)
def test_a_hold_needs_a_reason_and_an_end(change, sentence):
    group_id, _leader = members.group()
    row = factories.due_member(group_id, TODAY)

    with pytest.raises(Refused, match=sentence):
        hold(row.pk, group_id, **change)


def test_a_hold_on_another_groups_item_or_a_table_without_dates_is_not_there():
    group_id, leader = members.group()
    other, _leader = members.group(by=leader)
    row = factories.due_member(group_id, TODAY)

    with pytest.raises(NotHere):
        hold(row.pk, other)
    with pytest.raises(NotHere):
        hold(row.pk, group_id, model="groups.Group")


def test_when_a_hold_ends_the_item_goes_with_the_next_run():
    group_id, _leader = members.group()
    row = factories.due_member(group_id, TODAY)
    hold(row.pk, group_id, until=TODAY + timedelta(days=2))
    run(noon(TODAY))
    assert Member.objects.exists()

    after = NOW + timedelta(days=3)
    actions.run(by="system", as_of=after, now=after)

    assert not Member.objects.exists()


def test_a_hold_that_is_released_lets_go():
    group_id, _leader = members.group()
    row = factories.due_member(group_id, TODAY)
    hold_id = hold(row.pk, group_id)
    actions.release_hold(by="p" * 26, group_id=group_id, hold_id=hold_id, now=NOW)
    with pytest.raises(NotHere):
        actions.release_hold(by="p" * 26, group_id=group_id, hold_id=hold_id, now=NOW)

    run(noon(TODAY))

    assert not Member.objects.exists()


def test_as_of_a_day_after_the_hold_a_person_cannot_jump_over_it():
    """`--as-of` moves what counts as due, not what is forbidden today."""
    group_id, _leader = members.group()
    row = factories.due_member(group_id, TODAY)
    hold(row.pk, group_id, until=TODAY + timedelta(days=5))

    plan, run_id = run(noon(TODAY + timedelta(days=30)))

    assert (plan.going, plan.staying) == (0, 1)
    assert Member.objects.filter(pk=row.pk).exists()
    assert queries.certificates(run_id=run_id) == []


def test_one_item_is_held_once_and_again_after_its_date():
    group_id, _leader = members.group()
    row = factories.due_member(group_id, None)
    hold(row.pk, group_id, until=TODAY + timedelta(days=2))

    with pytest.raises(Refused, match="already being held"):
        hold(row.pk, group_id)
    later = NOW + timedelta(days=4)
    hold(row.pk, group_id, until=UNTIL, now=later)

    assert Hold.objects.filter(released_at__isnull=True).count() == 1


def test_releasing_one_hold_leaves_a_shared_key_under_another():
    group_id, _leader = members.group()
    one, two = factories.attended(group_id, ["one", "two"], on=TODAY)
    first = hold(one.pk, group_id, model="meetings.Attendance")
    hold(two.pk, group_id, model="meetings.Attendance")

    actions.release_hold(by="p" * 26, group_id=group_id, hold_id=first, now=NOW)
    plan, _run = run(noon(TODAY))

    assert plan.go == ()
    assert shredstore.secret(one.secret_id)


def test_a_member_on_hold_cannot_be_forgotten_at_their_own_wish_either():
    someone = factories.leaver()
    hold(someone.id, someone.group_id)

    done = roster.forget_now(by=someone.id, group_id=someone.group_id, member_id=someone.id, now=NOW)

    assert done.certificate == ""
    assert set(done.kept) >= {"alias", "contact"}

    assert Member.objects.filter(pk=someone.id).exists()
    assert set(shredstore.secrets(Compartment.objects.values_list("secret_id", flat=True)))
