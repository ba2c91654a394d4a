"""A member's own page, as a browser without script sees it: what it shows, what it says before, what it does."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from circlekeeper.areas.agreements import queries as agreed
from circlekeeper.areas.roster import actions
from circlekeeper.areas.roster.tests import agreed_members, factories
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


def test_reg1_a_name_that_gives_something_away_is_warned_about_once_and_what_was_typed_stays(house, as_member):
    _group, _leader, someone = house
    client = as_member(someone)
    warned = client.post("/me/name/", {"alias": "wren"})
    assert "part of your mail address" in text(warned)
    assert 'value="wren"' in warned.content.decode()
    assert someone.own().alias == "Wren"
    other = client.post("/me/name/", {"alias": "Ada Lovelace", "anyway": "wren"})
    assert "looks like a full name" in text(other)
    assert client.post("/me/name/", {"alias": "Ada Lovelace", "anyway": "Ada Lovelace"}).status_code == 302
    assert someone.own().alias == "Ada Lovelace"


def test_reg1_hosts_see_which_names_are_taken_for_one_another(house, as_person):
    group_id, leader, _someone = house
    factories.member(group_id, leader, "Robin")
    url = f"/groups/{group_id}/people/"
    assert "looks like another name" not in text(as_person(leader).get(url))
    factories.member(group_id, leader, "R0bin")
    assert text(as_person(leader).get(url)).count("looks like another name here") == 2


def test_con1_nothing_is_kept_in_a_part_without_the_yes_it_is_kept_under(at_noon, as_member):
    group_id, leader = agreed_members.published_group()
    someone = agreed_members.join(group_id, leader, agreeing=("join",))
    client = as_member(someone)
    page = client.get("/me/emergency/")
    seen = re.findall(r'name="seen" value="([0-9a-f]{64})"', page.content.decode())[0]
    assert "Keep an emergency record, sealed" in text(page)
    said = {"person": "Odile", "reach": "0770 1"}
    refused = client.post("/me/emergency/", {**said, "seen": seen})
    assert refused.status_code == 422
    assert 'value="Odile"' in refused.content.decode()
    assert someone.own().parts["emergency"]["person"] == "Tamsin"
    assert client.post("/me/emergency/", {**said, "seen": "0" * 64, "agree": "on"}).status_code == 422
    assert client.post("/me/emergency/", {**said, "seen": seen, "agree": "on"}).status_code == 302
    assert someone.own().parts["emergency"]["person"] == "Odile"
    assert agreed.allows(member_id=someone.id, purpose="emergency", now=NOW)
    assert "Keep an emergency record" not in text(client.get("/me/emergency/"))
    assert client.post("/me/contact/", {"says": "no"}).status_code == 302
