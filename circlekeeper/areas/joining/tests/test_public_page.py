"""What anybody sees of a group, and what a group that is not open shows."""

import re

import pytest
from django.test import Client

from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, REACH, SAFE, Visitor
from circlekeeper.areas.roster.models import Member

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_the_page_and_its_refusals_name_no_topic_and_no_group():
    found = factories.circle()
    titles = set()
    visitor = Visitor(found.id).begin()
    for answers in ({"alias": "Wren"}, REACH, SAFE):
        titles |= set(re.findall(r"<title>(.*?)</title>", visitor.html, re.DOTALL))
        assert "Thursday circle" not in visitor.html
        visitor.send(**answers)
    assert {each.strip() for each in titles} == {"Page"}


def test_a_closed_and_a_draft_group_take_nobody_and_set_no_cookie():
    found = factories.circle()
    groups.close_group(by=found.leader.id, group_id=found.id, now=NOW)
    answer = Client().get(f"/g/{found.id}/join/")
    assert answer.status_code == 409
    assert not answer.cookies
    assert "not taking people in" in answer.content.decode()
    assert Client().get(f"/g/{found.id}/").status_code == 200
    still = factories.team()
    for path in ("", "join/"):
        assert Client().get(f"/g/{still.id}/{path}").status_code == 404
    assert Client().get("/g/nosuchgroup/join/").status_code == 404


def test_a_group_that_closed_while_somebody_wrote_keeps_nothing():
    found = factories.circle()
    visitor = Visitor(found.id).to_agree()
    agreed = visitor.agreed()
    groups.close_group(by=found.leader.id, group_id=found.id, now=NOW)
    visitor.send(**agreed)
    assert visitor.status == 409
    assert Member.objects.count() == 0


def test_pol3_reg8_the_public_page_shows_five_facts_and_sets_no_cookie():
    found = factories.circle(level="high")
    answer = Client().get(f"/g/{found.id}/")
    page = answer.content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())

    assert not answer.cookies
    for fact in ("An hour for ourselves.", "2 people keep this group.", "What to call you", "days", "goes wrong"):
        assert fact in words
    assert "Where help should go if you are in danger" in words
    assert re.findall(r"<title>(.*?)</title>", page, re.DOTALL)[0].strip() == "Page"
    assert not re.findall(r'(?:src|href)="https?://', page)
