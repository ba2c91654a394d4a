"""A member's own page, as a browser without script sees it: what it shows, what it says before, what it does."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from circlekeeper.areas.roster import actions
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW, SENTENCE
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import memberkeys

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def house():
    group_id, leader = factories.group(level="high")
    return group_id, leader, factories.member(group_id, leader, "Wren")


def test_after_the_key_the_address_speaks_of_no_problem(house, at_noon):
    group_id, leader, _ = house
    key = memberkeys.new_member_key()
    factories.member(group_id, leader, "Robin", key=key.raw)
    entered = Client().post("/me/enter/", {"key": key.letters})
    assert entered.headers["Location"] == "/me/#main"


def test_dates_are_written_as_people_write_them(house, as_member):
    _group, _leader, someone = house
    shown = text(as_member(someone).get("/me/record/"))
    assert "21 February 2027" in shown
    assert "2027-02-21" not in shown


def test_tec9_a_member_reads_what_the_group_does_not_keep_to_yet_and_until_when(house, as_member):
    group_id, leader, someone = house
    client = as_member(someone)
    assert "does not keep to everything" not in text(client.get("/me/"))
    other = factories.helper(group_id, leader, role=RoleName.PRIVACY_LEAD)
    asked = safeguards.ask_waiver(
        by=leader,
        group_id=group_id,
        control="drill-held",
        reason="adviser",
        until=NOW + timedelta(days=5),
        now=NOW,
    )
    safeguards.approve_waiver(by=other, waiver_id=asked, now=NOW)
    shown = text(client.get("/me/"))
    assert "Missing until 28 November 2026: The team has practised an emergency" in shown


def test_reg2_a_member_reads_what_was_opened_why_and_can_check_it_without_us(house, as_member):
    group_id, leader, someone = house
    opening = {"by": leader, "group_id": group_id, "member_id": someone.id, "name": "contact"}
    actions.open_record(**opening, reason="danger", sentence=SENTENCE, now=NOW)
    client = as_member(someone)
    shown = client.get("/me/opened/")
    assert "Somebody gave a reason to open this part for one hour: How we may reach you" in text(shown)
    assert "Someone may be in danger" in text(shown)
    assert SENTENCE not in text(shown)
    number = re.findall(r"/me/opened/(\d+)/proof.json", shown.content.decode())[0]
    proof = json.loads(client.get(f"/me/opened/{number}/proof.json").content)
    assert ledger.check_proof(proof)[0]
    assert not ledger.check_proof(proof | {"entry": "AAAA"} | {"leaf": "AAAA"})[0]
