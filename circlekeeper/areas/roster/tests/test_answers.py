"""Who has still to answer, before the next meeting."""

import pytest

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.agreements.tests.factories import connected
from circlekeeper.areas.roster import queries
from circlekeeper.areas.roster.tests import agreed_members, factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.foundation.vault.groupkeys import Scope

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_con2_after_a_change_everyone_is_asked_again_by_name_and_nothing_more(as_person):
    group_id, leader = agreed_members.published_group()
    someone = agreed_members.join(group_id, leader, "Wren", signed="Isolde of the marsh")
    facilitator = factories.helper(group_id, leader, scopes=frozenset({Scope.DOOR}))
    path = f"/groups/{group_id}/people/answers/"
    assert "Everyone has answered." in as_person(facilitator).get(path).content.decode()
    assert queries.why_no_link(group_id=group_id, member_id=someone.id) == ""

    with connected():
        agreements.publish_pledge(by=leader, group_id=group_id, words="I keep what I hear here.", now=NOW)

    page = as_person(facilitator).get(path).content.decode()
    assert "1 of 1 has not answered yet" in page
    assert "<bdi>Wren</bdi></a> · the promise" in page
    assert "Isolde" not in page
    assert queries.why_no_link(group_id=group_id, member_id=someone.id)
