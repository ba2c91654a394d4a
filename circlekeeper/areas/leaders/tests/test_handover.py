"""A group is handed over: both sign, it may be left at any step, and at no moment does nobody hold the keys (POL5)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, Circle
from circlekeeper.areas.leaders import actions, errors, queries, rules
from circlekeeper.areas.leaders.models import Handover, Removal
from circlekeeper.areas.leaders.rules import Step
from circlekeeper.areas.leaders.tests.test_keys import change, readable, todos, with_people
from circlekeeper.areas.leaders.tests.test_pages import browser_of, text
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.clock import now as clock_now
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.models import Grant

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def facilitator(found: Circle, handle: str = "fay") -> people.Someone:
    fay = people.person(handle)
    accounts_do.grant_role(
        by=found.leader.id, person_id=fay.id, place=found.id, role=RoleName.FACILITATOR, now=NOW, keyed=False
    )
    return fay


def begin(found: Circle, successor: people.Someone, *, by: people.Someone | None = None, at=NOW) -> None:
    actions.begin_handover(
        by=(by or found.leader).id,
        group_id=found.id,
        leaver_id=found.leader.id,
        successor_id=successor.id,
        now=at,
    )


def up_to_the_signature(found: Circle, successor: people.Someone, *, giver: people.Someone) -> None:
    actions.accept_handover(by=successor.id, group_id=found.id, now=NOW)
    actions.give_all_keys(by=giver.id, ring=giver.ring, group_id=found.id, now=NOW)
    actions.prove_keys(by=successor.id, ring=successor.ring, group_id=found.id, now=NOW)


def test_pol5_a_handover_in_pages_from_the_first_step_to_the_changed_keys():
    found = with_people()
    fay, leader = facilitator(found), browser_of(found.leader)
    fays, page = browser_of(fay), f"/groups/{found.id}/team/handover/"
    assert "members and their sealed records" in text(leader.get(page))
    assert "Nobody is handing this group over" in text(fays.get(page))
    assert leader.post(page, {"leaver": found.leader.id, "successor": found.leader.id}).status_code == 422
    leader.post(page, {"leaver": found.leader.id, "successor": fay.id})
    assert [each.url for each in todos(fay, clock_now())] == [page]
    assert leader.post(page, {"step": "sign"}).status_code == 409, "not before the keys are proved"

    fays.post(page, {"step": "accept"})
    assert "Four words" in text(leader.get(page))
    leader.post(page, {"step": "give"})
    assert "Open the test record" in text(fays.get(page))
    fays.post(page, {"step": "prove"})
    assert leader.post(page, {"step": "sign"}).headers["Location"] == "/"

    assert leader.get("/account/").status_code == 302, "signed out at once"
    assert accounts.roles_of(found.leader.id) == {}
    assert RoleName.LEADER in accounts.roles_of(fay.id)[found.id]
    assert fays.post(f"/groups/{found.id}/team/keys/").status_code == 302
    assert readable(found, fay.ring) == readable(found, found.second.ring)
    assert queries.due_since([found.id]) == {}
    said = set(Entry.objects.filter(action__startswith="leaders.handover.").values_list("action", "actor"))
    assert {("leaders.handover.accept", fay.id), ("leaders.handover.sign", found.leader.id)} <= said


def test_pol5_who_is_gone_is_replaced_after_a_day_with_a_third_person():
    found = with_people(1)
    fay = facilitator(found)
    begin(found, found.second, by=found.second)
    (told,) = [each for each in todos(found.leader, NOW) if "handover" in each.url]
    assert "Somebody is taking your place" in told.title
    actions.accept_handover(by=found.second.id, group_id=found.id, now=NOW)
    actions.prove_keys(by=found.second.id, ring=found.second.ring, group_id=found.id, now=NOW)
    for nobody in (found.leader, found.second):
        with pytest.raises(errors.NotYourStep):
            actions.confirm_handover(by=nobody.id, group_id=found.id, now=NOW + timedelta(days=2))
    with pytest.raises(errors.TooEarly):
        actions.confirm_handover(by=fay.id, group_id=found.id, now=NOW + timedelta(hours=23))

    actions.confirm_handover(by=fay.id, group_id=found.id, now=NOW + timedelta(hours=25))

    assert accounts.roles_of(found.leader.id) == {}
    assert RoleName.LEADER in accounts.roles_of(found.second.id)[found.id]
    assert {holder.person_id for holder in groupkeys.holders(found.id)} == {found.second.id}
    assert Removal.objects.get().by == fay.id
    change(found, found.second)
    assert readable(found, found.second.ring) > 0


def test_pol5_a_leader_who_is_there_stops_whoever_thought_them_gone():
    found = with_people(1)
    begin(found, found.second, by=found.second, at=clock_now())
    leader = browser_of(found.leader)
    leader.post(f"/groups/{found.id}/team/handover/", {"step": "stop"})
    assert queries.handover(found.id, person_id=found.leader.id) is None
    assert accounts.roles_of(found.leader.id)


def test_pol5_a_step_out_of_turn_is_refused_and_changes_nothing():
    found = factories.circle()
    fay = facilitator(found)
    begin(found, fay)
    with pytest.raises(errors.HandoverUnderWay):
        begin(found, found.second)
    with pytest.raises(errors.NotYourStep):
        actions.accept_handover(by=found.leader.id, group_id=found.id, now=NOW)
    with pytest.raises(errors.NotYourStep):
        actions.give_all_keys(by=found.leader.id, ring=found.leader.ring, group_id=found.id, now=NOW)
    actions.accept_handover(by=fay.id, group_id=found.id, now=NOW)
    with pytest.raises(errors.NotYourStep):
        actions.sign_handover(by=found.leader.id, group_id=found.id, now=NOW)
    assert not fay.ring.can(found.id, groupkeys.Scope.ROSTER)


def test_pol5_a_handover_goes_on_through_a_change_of_keys():
    found = with_people(1)
    fay = facilitator(found)
    begin(found, fay)
    actions.accept_handover(by=fay.id, group_id=found.id, now=NOW)
    actions.give_all_keys(by=found.second.id, ring=found.second.ring, group_id=found.id, now=NOW)
    change(found, found.leader)
    actions.prove_keys(by=fay.id, ring=fay.ring, group_id=found.id, now=NOW)
    actions.sign_handover(by=found.leader.id, group_id=found.id, now=NOW)
    row = Handover.objects.get()
    assert (row.finished_at, row.secret_id, bytes(row.test_wrap)) == (NOW, "", b"")


def test_pol5_at_no_step_does_nobody_hold_the_keys():
    found = with_people(1)
    fay = facilitator(found)
    actions.part(by=found.leader.id, group_id=found.id, person_id=found.second.id, now=NOW)
    whole = []

    def count() -> None:
        whole.append(sum(holder.whole for holder in groupkeys.holders(found.id)))

    begin(found, fay)
    count()
    up_to_the_signature(found, fay, giver=found.leader)
    count()
    actions.sign_handover(by=found.leader.id, group_id=found.id, now=NOW)
    count()
    change(found, fay)
    count()
    assert whole == [1, 2, 1, 1]


@pytest.mark.parametrize("how", ["orm", "sql", "delete"])
def test_pol5_the_database_keeps_one_holder_whoever_asks(how):
    found = with_people(1)
    actions.part(by=found.leader.id, group_id=found.id, person_id=found.second.id, now=NOW)
    mine = Grant.objects.filter(group_id=found.id, person_id=found.leader.id, revoked_at=None)
    statement = "UPDATE vault_grant SET revoked_at = %s WHERE group_id = %s"
    with pytest.raises(IntegrityError), outside_action("somebody tries"), transaction.atomic():
        if how == "orm":
            mine.update(revoked_at=NOW)
        elif how == "delete":
            mine.delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute(statement, [NOW, found.id])
    assert [holder.person_id for holder in groupkeys.holders(found.id) if holder.whole] == [found.leader.id]


def test_pol5_the_database_refuses_a_handover_finished_before_its_steps():
    found = factories.circle()
    begin(found, found.second)
    with pytest.raises(IntegrityError), outside_action("somebody tries"), transaction.atomic():
        Handover.objects.update(finished_at=NOW)


@given(
    accepted=st.booleans(),
    holds=st.booleans(),
    proved=st.booleans(),
    gone=st.booleans(),
    who=st.sampled_from("lsbt"),
)
def test_pol5_nobody_takes_both_sides(accepted, holds, proved, gone, who):
    step = rules.next_step(accepted=accepted, holds_all=holds, proved=proved, gone=gone, over=False)
    may = rules.may_take(step, person=who, leaver="l", successor="s", began_by="b", holders={"l", "b"})
    if may and step in (Step.SIGN, Step.CONFIRM):
        assert accepted
        assert holds
        assert proved
        assert who == ("t" if gone else "l")
    if may and who == "s":
        assert step in (Step.ACCEPT, Step.PROVE)
