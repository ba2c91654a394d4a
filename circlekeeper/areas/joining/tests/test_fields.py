"""Questions about health or the law, and whether anybody reads the answers (REG4, REG5)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.joining import actions, queries, rules
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, Circle, Visitor, circle
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.roster.models import Compartment
from circlekeeper.foundation import announce
from circlekeeper.foundation.errors import NotHere, Refused

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
PURPOSE = "So that we know whether stairs are too much."


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def propose(found: Circle, name: str = "health", purpose: str = PURPOSE, basis: str = "consent") -> str:
    return actions.propose_field(
        by=found.leader.id, group_id=found.id, name=name, purpose=purpose, basis=basis, now=NOW
    )


def on(found: Circle) -> None:
    """Proposed by the leader, approved by the privacy lead, and said in the policy."""
    propose(found)
    actions.approve_field(by=found.second.id, group_id=found.id, name="health", now=NOW)
    agreements_do.publish_all(by=found.leader.id, group_id=found.id, now=NOW)


def help_page(found: Circle) -> str:
    visitor = Visitor(found.id).begin().send(alias="Wren").send(**factories.REACH)
    assert visitor.step == "help"
    return visitor.html


def test_reg4_at_low_a_question_about_health_is_refused_and_there_is_no_form_for_it(as_host):
    found = circle(level="low")
    for name in rules.EXTRA:
        with pytest.raises(Refused, match="nobody needs to be asked"):
            propose(found, name)
    page = f"/groups/{found.id}/joining/fields/"
    host = as_host(found.leader)
    assert "nobody needs to be asked" in text(host.get(page))
    told = {"do": "propose", "name": "health", "purpose": PURPOSE, "basis": "consent"}
    assert host.post(page, told).status_code == 422
    assert queries.extra_fields(found.id, NOW) == []


def test_reg4_switching_on_needs_a_purpose_a_ground_and_a_privacy_lead():
    found = circle(level="medium")
    with pytest.raises(Refused, match="what you need it for"):
        propose(found, purpose="Because.")
    with pytest.raises(Refused, match="what allows you"):
        propose(found, basis="curiosity")
    with pytest.raises(NotHere):
        propose(found, "passport")
    propose(found)
    assert queries.asked_fields(found.id) == {}
    assert "extra-health" not in help_page(found)
    with pytest.raises(Refused, match="privacy lead"):
        actions.approve_field(by=found.leader.id, group_id=found.id, name="health", now=NOW)
    actions.approve_field(by=found.second.id, group_id=found.id, name="health", now=NOW)
    assert queries.asked_fields(found.id) == {"health": PURPOSE}
    with pytest.raises(NotHere):
        actions.approve_field(by=found.second.id, group_id=found.id, name="health", now=NOW)


def test_reg4_whoever_proposed_it_cannot_agree_to_it():
    found = circle(level="medium")
    actions.propose_field(
        by=found.second.id, group_id=found.id, name="legal", purpose=PURPOSE, basis="law", now=NOW
    )
    with pytest.raises(Refused, match="did not propose it"):
        actions.approve_field(by=found.second.id, group_id=found.id, name="legal", now=NOW)


def test_reg4_reg5_the_pages_propose_approve_and_drop_and_name_the_readers(as_host):
    found = circle(level="medium")
    leader, second = as_host(found.leader), as_host(found.second)
    page = f"/groups/{found.id}/joining/fields/"
    assert leader.post(page, {"do": "propose", "name": "health"}).status_code == 422
    told = {"do": "propose", "name": "health", "purpose": PURPOSE, "basis": "consent"}
    assert leader.post(page, told).status_code == 302
    assert "I agree" not in text(leader.get(page))
    assert leader.post(page, {"do": "approve", "field": "health"}).status_code == 409
    assert "I agree" in text(second.get(page))
    assert second.post(page, {"do": "approve", "field": "health"}).status_code == 302
    assert text(leader.get(page)).count("Read by:") == len(rules.CATALOGUE) + 1
    # What is asked stands in the policy before it is asked of anybody.
    assert not agreements.policy_is_current(found.id)
    agreements_do.publish_all(by=found.leader.id, group_id=found.id, now=NOW)
    assert PURPOSE in text(Client().get(f"/g/{found.id}/"))
    assert "Only the leader and the privacy lead read it." in help_page(found)
    assert leader.post(page, {"do": "drop", "field": "health"}).status_code == 302
    assert "extra-health" not in help_page(found)
    assert leader.post(page, {"do": "dance"}).status_code == 404


def test_reg4_an_answer_is_sealed_apart_and_blank_stays_nothing():
    found = circle(level="medium")
    on(found)
    factories.ask(found, factories.filled("Robin"))
    assert not Compartment.objects.filter(name="intake").exists()
    factories.ask(found, factories.filled("Wren", about=factories.SAFE | {"extra-health": "canary-stairs"}))
    row = Compartment.objects.get(name="intake")
    assert b"canary" not in bytes(row.blob) + bytes(row.wrap) + bytes(row.holder_wrap)
    assert row.due_on is not None


def test_reg5_an_answer_to_a_question_that_is_not_asked_is_dropped():
    found = circle(level="medium")
    factories.ask(
        found, factories.filled(about=factories.SAFE | {"extra-health": "canary", "extra-legal": "canary"})
    )
    assert not Compartment.objects.filter(name="intake").exists()


def test_reg5_a_question_unread_for_a_cycle_becomes_a_proposal_to_drop_it(as_host, at):
    found = circle(level="medium")
    on(found)
    host = as_host(found.leader)
    assert "You ask something that nobody reads" not in text(host.get("/today/"))
    at(NOW + timedelta(days=190))
    assert "You ask something that nobody reads" in text(host.get("/today/"))
    assert "Nobody has read an answer" in text(host.get(f"/groups/{found.id}/joining/fields/"))
    actions.drop_field(by=found.leader.id, group_id=found.id, name="health", now=NOW)
    assert "You ask something that nobody reads" not in text(host.get("/today/"))


def test_reg5_reading_an_answer_keeps_the_question_through_the_switchboard():
    found = circle(level="medium")
    on(found)
    factories.ask(found, factories.filled(about=factories.SAFE | {"extra-health": "stairs"}))
    (waiting,) = queries.waiting(found.id)
    later = NOW + timedelta(days=190)
    assert [each.unread for each in queries.extra_fields(found.id, later)] == [True]
    roster_do.open_record(
        by=found.leader.id,
        group_id=found.id,
        member_id=waiting.member_id,
        name="intake",
        reason="answer",
        sentence="To prepare the call.",
        now=later,
    )
    announce.deliver_due(announce.installed(), later)
    assert [each.unread for each in queries.extra_fields(found.id, later)] == [False]


@pytest.mark.parametrize(
    ("read_on", "days", "unread"), [(None, 182, False), (None, 183, True), (100, 282, False), (100, 283, True)]
)
def test_reg5_a_cycle_is_half_a_year_from_the_last_look(read_on, days, unread):
    since = date(2026, 1, 1)
    read = None if read_on is None else since + timedelta(days=read_on)
    assert rules.unread(since=since, read_on=read, today=since + timedelta(days=days)) is unread
