"""Somebody who held the keys has gone: powers end at once, and a change of keys shuts out every copy they kept."""

from datetime import timedelta
from typing import Any

import pytest

from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, Circle
from circlekeeper.areas.leaders import actions, errors, queries
from circlekeeper.areas.leaders.models import KeyChange, Removal
from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import Compartment
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.todo import Urgency
from circlekeeper.foundation.vault import groupkeys, records, rewrapping, shredstore
from circlekeeper.foundation.vault.envelope import SealBroken
from circlekeeper.foundation.vault.records import ScopeKey
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def with_people(count: int = 2) -> Circle:
    found = factories.circle()
    for number in range(count):
        factories.applicant(found, f"Wren {number}")
    return found


def third_holder(found: Circle) -> people.Someone:
    someone = people.person(f"cleo-{found.id[:5]}")
    accounts_do.grant_role(
        by=found.leader.id, person_id=someone.id, place=found.id, role=RoleName.LEADER, now=NOW, keyed=True
    )
    groupkeys.grant(ring=found.leader.ring, group_id=found.id, to=someone.id, scopes=groupkeys.ALL, now=NOW)
    return someone


def readable(found: Circle, ring: KeyRing) -> int:
    opened = 0
    for row in Compartment.objects.filter(group_id=found.id):
        sealing.opened(row, ring=ring, secret=shredstore.secret(row.secret_id))
        opened += 1
    return opened


def taken_along(found: Circle, someone: people.Someone) -> list[ScopeKey]:
    """What a person may have copied while they held the keys."""
    ring = someone.ring
    return [ring.scope_key(found.id, scope) for scope in groupkeys.Scope]


def opens_with(found: Circle, taken: list[ScopeKey]) -> int:
    """How much of a fresh copy of both stores a thief opens with old secrets."""
    opened = 0
    for column in rewrapping.columns():
        rows: list[Any] = list(column.model._base_manager.filter(group_id=found.id).exclude(**{column.wrap: b""}))
        for row in rows:
            secret = row.member.secret_id if "member" in column.secret else row.secret_id
            for key in taken:
                try:
                    wrap = bytes(getattr(row, column.wrap))
                    records.settle(wrap, key=key, secret=shredstore.secret(secret), place=column.place(row))
                    opened += 1
                except SealBroken:
                    continue
    return opened


def change(found: Circle, someone: people.Someone, *, limit: int = 500) -> None:
    actions.begin_key_change(by=someone.id, ring=someone.ring, group_id=found.id, now=NOW)
    while actions.continue_key_change(by=someone.id, ring=someone.ring, group_id=found.id, now=NOW, limit=limit):
        pass


def test_pol5_the_old_key_opens_nothing_on_a_fresh_copy_of_the_disk():
    found = with_people()
    gone = third_holder(found)
    taken, before = taken_along(found, gone), readable(found, found.leader.ring)
    assert opens_with(found, taken) >= before > 4

    actions.remove(by=found.leader.id, group_id=found.id, person_id=gone.id, reason="trust", now=NOW)
    change(found, found.leader, limit=3)

    assert opens_with(found, taken) == 0
    assert readable(found, found.leader.ring) == readable(found, found.second.ring) == before
    with pytest.raises(NoGrant):
        gone.ring.scope_key(found.id, groupkeys.Scope.ROSTER)
    done = queries.last_change(found.id)
    assert done is not None
    assert (done.seen, done.stuck) == (done.total, 0)


def test_pol5_a_change_cut_off_in_the_middle_leaves_everything_readable_and_goes_on():
    found = with_people()
    gone = third_holder(found)
    before = readable(found, found.leader.ring)
    actions.part(by=found.leader.id, group_id=found.id, person_id=gone.id, now=NOW)
    actions.begin_key_change(by=found.leader.id, ring=found.leader.ring, group_id=found.id, now=NOW)
    assert actions.continue_key_change(
        by=found.leader.id, ring=found.leader.ring, group_id=found.id, now=NOW, limit=3
    )

    assert readable(found, found.leader.ring) == readable(found, found.second.ring) == before
    under_way = queries.key_change(found.id)
    assert under_way is not None
    assert 0 < under_way.seen < under_way.total
    assert found.id in queries.due_since([found.id])

    factories.applicant(found, "Late")
    change(found, found.second, limit=4)
    assert KeyChange.objects.filter(group_id=found.id).count() == 1, "it went on, and did not begin anew"
    assert readable(found, found.second.ring) == readable(found, found.leader.ring) > before
    assert queries.due_since([found.id]) == {}


def test_pol5_somebody_who_leaves_during_a_change_begins_a_new_one_that_ends_both():
    found = with_people(1)
    first, second = third_holder(found), people.person("dan")
    groupkeys.grant(
        ring=found.leader.ring, group_id=found.id, to=second.id, scopes=frozenset({groupkeys.Scope.DOOR}), now=NOW
    )
    accounts_do.grant_role(
        by=found.leader.id, person_id=second.id, place=found.id, role=RoleName.FACILITATOR, now=NOW, keyed=True
    )
    actions.part(by=found.leader.id, group_id=found.id, person_id=first.id, now=NOW)
    actions.begin_key_change(by=found.leader.id, ring=found.leader.ring, group_id=found.id, now=NOW)
    actions.part(by=found.leader.id, group_id=found.id, person_id=second.id, now=NOW)

    change(found, found.leader)

    assert groupkeys.current_version(found.id) == 3
    assert KeyChange.objects.filter(finished_at=None).count() == 0


def test_pol5_a_part_of_the_keys_is_not_enough_to_change_them():
    found = with_people(1)
    fay = people.person("fay")
    groupkeys.grant(
        ring=found.leader.ring, group_id=found.id, to=fay.id, scopes=frozenset({groupkeys.Scope.DOOR}), now=NOW
    )
    with pytest.raises(errors.NotAllKeys):
        actions.begin_key_change(by=fay.id, ring=fay.ring, group_id=found.id, now=NOW)
    actions.begin_key_change(by=found.leader.id, ring=found.leader.ring, group_id=found.id, now=NOW)
    with pytest.raises(errors.NotAllKeys):
        actions.continue_key_change(by=fay.id, ring=fay.ring, group_id=found.id, now=NOW, limit=9)


def test_pol5_removal_ends_roles_keys_and_sessions_before_any_key_is_changed():
    found = with_people(1)
    gone = third_holder(found)
    browser = people.browser()
    people.sign_in(browser, gone)
    assert browser.get("/account/").status_code == 200

    actions.remove(by=found.second.id, group_id=found.id, person_id=gone.id, reason="trust", now=NOW)

    assert browser.get("/account/").status_code == 302
    assert accounts.roles_of(gone.id) == {}
    assert not gone.ring.can(found.id, groupkeys.Scope.ROSTER)
    assert groupkeys.current_version(found.id) == 1
    assert Removal.objects.get().reason == "trust"


def test_pol5_nobody_removes_themselves_the_only_leader_or_without_a_reason():
    found = with_people(1)
    with pytest.raises(errors.NotOneself):
        actions.remove(by=found.leader.id, group_id=found.id, person_id=found.leader.id, reason="gone", now=NOW)
    with pytest.raises(errors.LastLeader):
        actions.remove(by=found.second.id, group_id=found.id, person_id=found.leader.id, reason="gone", now=NOW)
    with pytest.raises(Refused):
        actions.remove(by=found.leader.id, group_id=found.id, person_id=found.second.id, reason="", now=NOW)
    assert not Removal.objects.exists()


def test_pol5_the_change_is_owed_within_a_day_and_then_no_meeting_starts():
    found = with_people(1)
    gone = third_holder(found)
    assert todos(found.second, NOW) == []

    actions.part(by=found.leader.id, group_id=found.id, person_id=gone.id, now=NOW)

    (owed,) = todos(found.second, NOW)
    assert (owed.urgency, owed.due) == (Urgency.HARM, NOW + timedelta(days=1))
    assert owed.url == f"/groups/{found.id}/team/keys/"
    assert blocking(found, NOW + timedelta(hours=23)) is False
    assert blocking(found, NOW + timedelta(hours=25)) is True
    change(found, found.leader)
    assert blocking(found, NOW + timedelta(hours=25)) is False
    assert todos(found.second, NOW) == []


def todos(someone: people.Someone, at):
    who = Who(kind="person", id=someone.id, has_factor=True, find_roles=lambda: accounts.roles_of(someone.id))
    return queries.todo(who, at)


def blocking(found: Circle, at) -> bool:
    where = safeguards.gate(found.id, "start", at)
    return any(each.control == "keys-changed-after-leaving" and not each.met for each in where)


def test_why3_an_advisers_word_is_read_with_the_new_keys_only():
    found = with_people(0)
    gone = third_holder(found)
    taken = taken_along(found, gone)
    stamp_id = safeguards_do.stamp_profile(
        by=found.leader.id,
        group_id=found.id,
        stamp=safeguards_do.seal_stamp(group_id=found.id, name="Ms Ortolan", sentence="Keep it.", now=NOW),
        given_on=NOW.date(),
        profile_version=safeguards.profile(found.id, NOW).version,
        now=NOW,
    )
    assert opens_with(found, taken) == 1

    actions.remove(by=found.leader.id, group_id=found.id, person_id=gone.id, reason="trust", now=NOW)
    change(found, found.leader)

    assert opens_with(found, taken) == 0
    said = safeguards.stamp_words(by=found.leader.id, about=stamp_id, now=NOW, ring=found.leader.ring)
    assert said.name == "Ms Ortolan"
