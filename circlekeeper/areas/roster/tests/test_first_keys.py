"""Keys for people who were brought along in a list."""

import pytest

from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.actions import first_keys
from circlekeeper.areas.roster.models import Member, State
from circlekeeper.areas.roster.rules.lists import Listed
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.foundation import guard
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.vault.groupkeys import Scope

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


@pytest.fixture
def brought(monkeypatch):
    """A group with five people of a list; a sheet holds three."""
    monkeypatch.setattr(first_keys, "AT_ONCE", 3)
    group_id, leader = factories.group()
    ring = factories.ring(leader)
    people = [Listed(name=f"Bird {n}", channel="mail", address=f"bird{n}@example.org") for n in range(5)]
    draft = actions.keep_draft(by=leader, ring=ring, group_id=group_id, content={"rows": []}, now=NOW)
    actions.bring_list(
        by=leader,
        ring=ring,
        group_id=group_id,
        draft_id=draft,
        people=people,
        taken=frozenset(),
        layout="form",
        now=NOW,
    )
    return group_id, leader


def give(leader, group_id, again=()):
    return actions.give_first_keys(by=leader, ring=factories.ring(leader), group_id=group_id, again=again, now=NOW)


def whose(key):
    found = queries.by_key(key.raw)
    return found.id if found else ""


def test_each_sheet_gives_the_next_people_a_key_that_opens_their_own_record(brought):
    group_id, leader = brought
    first, second = give(leader, group_id), give(leader, group_id)

    assert (len(first), len(second), queries.without_key(group_id)) == (3, 2, 0)
    assert give(leader, group_id) == {}
    aliases = set()
    for member_id, key in (first | second).items():
        own = queries.own_record(member_id=member_id, group_id=group_id, holder=key.raw)
        aliases.add(own.alias)
        assert whose(key) == member_id
    assert aliases == {f"Bird {n}" for n in range(5)}
    lines = log.entries_about(next(iter(first)), verbs=["roster.key.first"])
    assert [line.by for line in lines] == [leader]


def test_a_sheet_that_was_lost_is_made_again_and_its_keys_stop(brought):
    group_id, leader = brought
    lost = give(leader, group_id)
    came = next(iter(lost))
    with guard.outside_action("test data"):  # said yes meanwhile
        Member.objects.filter(pk=came).update(state=State.MEMBER, joined_on=factories.TODAY)

    anew = give(leader, group_id, again=lost)

    assert set(anew) == set(lost) - {came}
    assert whose(lost[came]) == came
    for member_id in anew:
        assert whose(lost[member_id]) == ""
        assert whose(anew[member_id]) == member_id
    assert queries.without_key(group_id) == 2


def test_somebody_elses_people_get_no_key_through_this_group(brought):
    group_id, leader = brought
    other, other_leader = factories.group()
    assert give(other_leader, other, again=list(Member.objects.values_list("pk", flat=True))) == {}
    assert queries.without_key(group_id) == 5
    assert leader


def test_who_holds_not_all_keys_cannot(brought):
    group_id, leader = brought
    helper = factories.helper(group_id, leader, scopes=frozenset({Scope.DOOR}))
    with pytest.raises(Refused, match="holds all keys"):
        give(helper, group_id)
    assert queries.without_key(group_id) == 5
