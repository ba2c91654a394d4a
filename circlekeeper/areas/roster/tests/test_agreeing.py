"""Someone brought along in a list reads and agrees for themselves; a member gets no link before that."""

import re

import pytest

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.agreements.tests.factories import connected
from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.models import State
from circlekeeper.areas.roster.rules.lists import Listed
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW, Someone
from circlekeeper.foundation.ledger import queries as log

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


@pytest.fixture
def invited():
    """Someone of a list, with the key a leader handed them."""
    group_id, leader = factories.group(level="medium")
    with connected():
        agreements_do.publish_all(by=leader, group_id=group_id, now=NOW)
    ring = factories.ring(leader)
    draft = actions.keep_draft(by=leader, ring=ring, group_id=group_id, content={}, now=NOW)
    actions.bring_list(
        by=leader,
        ring=ring,
        group_id=group_id,
        draft_id=draft,
        people=[Listed("", "mail", "wren@example.org")],
        taken=frozenset(),
        layout="other",
        now=NOW,
    )
    member_id = queries.members(group_id)[0].id
    key = actions.give_new_key(by=leader, ring=ring, group_id=group_id, member_id=member_id, now=NOW)
    return Someone(member_id, group_id, key.raw)


def answers(page, group_id, **more):
    seen = re.findall(r'name="seen" value="(\w+)"', page.content.decode())[0]
    return {"seen": seen, "consent-join": "on", "signature": "Wren", **more}


def test_med1_an_invited_person_gets_no_link_before_they_agreed(invited, as_member):
    assert queries.why_no_link(group_id=invited.group_id, member_id=invited.id)
    client = as_member(invited)
    page = client.get("/me/agree/")
    assert "checked" not in page.content.decode()

    done = client.post("/me/agree/", answers(page, invited.group_id))

    assert done.status_code == 302, done.content
    assert queries.member(group_id=invited.group_id, member_id=invited.id).state == State.MEMBER
    assert queries.why_no_link(group_id=invited.group_id, member_id=invited.id) == ""
    pledge = agreements.pledge_of(group_id=invited.group_id, member_id=invited.id)
    assert pledge is not None


@pytest.mark.parametrize("change", [{"seen": ""}, {"seen": "0" * 64}, {"consent-join": ""}, {"signature": ""}])
def test_pol4_agreeing_without_the_page_or_its_parts_does_nothing(invited, as_member, change):
    client = as_member(invited)
    sent = answers(client.get("/me/agree/"), invited.group_id) | change
    refused = client.post("/me/agree/", {name: value for name, value in sent.items() if value})
    assert refused.status_code == 422
    assert queries.member(group_id=invited.group_id, member_id=invited.id).state == State.INVITED


def test_con2_taking_a_consent_back_says_before_what_stops(invited, as_member):
    client = as_member(invited)
    client.post("/me/agree/", answers(client.get("/me/agree/"), invited.group_id))
    effect = agreements.withdrawal_effect(group_id=invited.group_id, purpose="join")
    from django.utils.html import escape

    assert escape(effect) in client.get("/me/consent/join/").content.decode()
    client.post("/me/consent/join/")
    assert not agreements.allows(member_id=invited.id, purpose="join", now=NOW)


def test_reading_an_opening_is_confirmed_with_a_button(invited, as_member):
    leader = log.entries_about(invited.id)[-1].by
    actions.open_record(
        by=leader,
        group_id=invited.group_id,
        member_id=invited.id,
        name="contact",
        reason="change",
        sentence=factories.SENTENCE,
        now=NOW,
    )
    client = as_member(invited)
    assert "Somebody opened" in client.get("/me/").content.decode()
    page = client.get("/me/opened/")
    assert "A meeting is moved" in page.content.decode()
    assert client.post("/me/opened/").status_code == 302
    assert "Somebody opened" not in client.get("/me/").content.decode()
