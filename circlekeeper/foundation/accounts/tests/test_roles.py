"""Roles: granted, capped, confirmed or lost, each with its line."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, events, queries
from circlekeeper.foundation.accounts.models import Role
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.guard import UnguardedWrite, outside_action
from circlekeeper.foundation.jobs.models import Event
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.permissions import RoleName

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def grant(person, role, *, cap=None, place="g1", by="system"):
    return actions.grant_role(by=by, person_id=person.id, place=place, role=role, now=clock.now(), cap=cap)


def test_a_role_is_granted_once_and_logged_each_time(wren):
    first = grant(wren, RoleName.LEADER)
    lines = Entry.objects.filter(action="accounts.role.grant").count()

    assert grant(wren, RoleName.LEADER) == first
    assert Role.objects.count() == 1
    assert Entry.objects.filter(action="accounts.role.grant").count() == lines + 1
    assert queries.roles_of(wren.id) == {"g1": frozenset({RoleName.LEADER})}
    assert queries.people_with_role("g1") == queries.people_with_role("g1", RoleName.LEADER) == (wren.id,)
    assert queries.people_with_role("g1", RoleName.FACILITATOR) == ()
    assert queries.handles([wren.id, "unknown"]) == {wren.id: "wren"}
    assert queries.places_of(wren.id) == ("g1",)


def test_tec12_one_leader_or_privacy_lead_over_the_cap_is_refused(wren):
    finch, robin = factories.person("finch"), factories.person("robin")
    grant(wren, RoleName.LEADER, cap=2)
    grant(finch, RoleName.PRIVACY_LEAD, cap=2)

    with pytest.raises(actions.TooMany) as refused:
        grant(robin, RoleName.LEADER, cap=2)

    assert "2 leaders" in refused.value.sentence
    assert queries.roles_of(robin.id) == {}
    grant(wren, RoleName.PRIVACY_LEAD, cap=2)
    grant(robin, RoleName.FACILITATOR, cap=2)
    grant(robin, RoleName.LEADER, cap=2, place="g2")


def test_tec12_an_open_invitation_takes_a_place(wren):
    finch = factories.person("finch")
    grant(wren, RoleName.LEADER, cap=2)
    made = actions.invite(by=wren.id, place="g1", role=RoleName.PRIVACY_LEAD, now=clock.now(), cap=2)

    with pytest.raises(actions.TooMany):
        grant(finch, RoleName.LEADER, cap=2)
    with pytest.raises(actions.TooMany):
        actions.invite(by=wren.id, place="g1", role=RoleName.LEADER, now=clock.now(), cap=2)
    actions.withdraw_invitation(by=wren.id, invitation_id=made.id, place="g1", now=clock.now())
    grant(finch, RoleName.LEADER, cap=2)


def test_a_role_ends_at_once_and_can_come_back(wren):
    grant(wren, RoleName.LEADER)
    actions.revoke_role(by="system", person_id=wren.id, place="g1", role=RoleName.LEADER, now=clock.now())

    assert queries.roles_of(wren.id) == {}
    with pytest.raises(NotHere):
        actions.revoke_role(by="system", person_id=wren.id, place="g1", role=RoleName.LEADER, now=clock.now())
    grant(wren, RoleName.LEADER)
    assert Role.objects.count() == 2
    names = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert [name.rpartition(":")[2] for name in names] == [
        events.RoleGranted.__name__,
        events.RoleRevoked.__name__,
        events.RoleGranted.__name__,
    ]


def test_the_database_itself_refuses_a_second_live_role(wren):
    grant(wren, RoleName.LEADER)
    row = Role.objects.get()
    row.pk = "another"
    with outside_action("test"), pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_tec12_an_unconfirmed_role_lapses_and_a_confirmed_one_does_not(wren):
    role_id = grant(wren, RoleName.PRIVACY_LEAD)
    later = clock.now() + timedelta(days=100)

    assert [role.id for role in queries.to_confirm("g1", now=later)] == [role_id]
    with pytest.raises(NotHere):
        actions.lapse_role(by="system", role_id=role_id, now=later)
    actions.confirm_role(by=wren.id, role_id=role_id, now=later)
    assert queries.to_confirm("g1", now=later) == ()
    with pytest.raises(NotHere):
        actions.lapse_role(by="system", role_id=role_id, now=later + timedelta(days=50))
    actions.lapse_role(by="system", role_id=role_id, now=later + timedelta(days=107))
    assert queries.roles_of(wren.id) == {}


def test_tec12_a_leader_is_asked_on_today_which_roles_are_still_needed(wren):
    finch = factories.person("finch")
    grant(wren, RoleName.LEADER)
    role_id = grant(finch, RoleName.FACILITATOR)
    asked, later = clock.now() + timedelta(days=30), clock.now() + timedelta(days=93)

    def todo(someone, at):
        here = Who(kind="person", id=someone.id, has_factor=True, find_roles=lambda: queries.roles_of(someone.id))
        return [(each.title, each.url) for each in queries.todo(here, at)]

    assert todo(wren, asked) == []
    assert todo(wren, later) == [("Say whether 2 roles are still needed", "/groups/g1/team/roles/")]
    assert todo(finch, later) == []
    actions.confirm_role(by=wren.id, role_id=role_id, now=later)
    assert todo(wren, later) == [("Say whether 1 role is still needed", "/groups/g1/team/roles/")]


def test_nobody_who_does_not_exist_gets_a_role(db):
    with pytest.raises(NotHere):
        actions.grant_role(by="system", person_id="nobody", place="g1", role=RoleName.LEADER, now=clock.now())


def test_no_role_is_written_past_the_log(wren):
    with pytest.raises(UnguardedWrite):
        Role.objects.create(
            person_id=wren.id,
            place="g1",
            role="leader",
            granted_by="x",
            granted_at=clock.now(),
            confirmed_at=clock.now(),
        )
