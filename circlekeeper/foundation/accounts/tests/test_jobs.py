"""What happens by itself: roles lapse, but no place is left without a leader."""

from datetime import timedelta

import pytest

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, jobs, queries
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.permissions import RoleName

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_tec12_unconfirmed_roles_lapse_but_a_place_keeps_its_last_leader(wren):
    finch, now = factories.person("finch"), clock.now()
    for person, role in ((wren, RoleName.LEADER), (finch, RoleName.LEADER), (finch, RoleName.FACILITATOR)):
        actions.grant_role(by="system", person_id=person.id, place="g1", role=role, now=now)

    jobs.lapse_roles(now + timedelta(days=105))
    assert len(queries.roles_in("g1")) == 3
    jobs.lapse_roles(now + timedelta(days=107))

    (left,) = queries.roles_in("g1")
    assert left.role is RoleName.LEADER
    jobs.lapse_roles(now + timedelta(days=300))
    assert len(queries.roles_in("g1")) == 1


def test_today_asks_for_the_kit_until_it_is_checked(wren):
    bare = factories.person("finch", kit=False)
    asked = queries.todo(Who(kind="person", id=bare.id), clock.now())
    assert [todo.url for todo in asked] == ["/account/kit/"]
    assert queries.todo(Who(kind="person", id=wren.id), clock.now()) == []
    assert queries.todo(Who(), clock.now()) == []
