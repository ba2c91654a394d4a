"""Consents and promises on a member's own page: taken back as easily as given, and what was kept for them goes."""

import io
import json
import re

import pypdf
import pytest

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.agreements import queries as agreed
from circlekeeper.areas.agreements.models import Consent
from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.models import Compartment, State
from circlekeeper.areas.roster.tests import agreed_members, factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.foundation import announce
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def house():
    group_id, leader = agreed_members.published_group()
    return group_id, leader, agreed_members.join(group_id, leader)


@pytest.mark.parametrize(
    ("purpose", "part"), [("contact", "contact"), ("emergency", "emergency"), ("access-needs", "access")]
)
def test_con2_taking_one_back_says_before_what_goes_and_destroys_just_that(house, as_member, purpose, part):
    group_id, _leader, someone = house
    client = as_member(someone)
    row = Compartment.objects.get(member_id=someone.id, name=part)
    before = text(client.get(f"/me/consent/{purpose}/"))
    assert "is destroyed now: here at once, and in every backup within a week" in before
    assert "You stay in the group." in before
    assert part in someone.own().parts

    assert client.post(f"/me/consent/{purpose}/").status_code == 302

    assert not shredstore.secrets([row.secret_id])
    assert set(someone.own().parts) == {"alias", "contact", "emergency", "access"} - {part}
    assert "You took it back." in text(client.get("/me/agreed/"))
    assert queries.member(group_id=group_id, member_id=someone.id).state == State.MEMBER
    assert queries.unsealed_ids(group_id) == frozenset()
    assert client.post(f"/me/consent/{purpose}/").status_code == 302
    assert Consent.objects.filter(member_id=someone.id, purpose=purpose).count() == 2


def test_con2_taking_back_what_is_needed_means_leaving_and_says_so_before(house, as_member):
    group_id, _leader, someone = house
    client = as_member(someone)
    before = text(client.get("/me/consent/join/"))
    assert "Take this back, and leave the group?" in before
    assert "destroyed by 23 May 2027" in before
    client.post("/me/consent/join/")
    assert queries.member(group_id=group_id, member_id=someone.id).state == State.LEFT


def test_con1_given_taken_back_and_given_again_on_ones_own_page_is_one_unbroken_chain(house, as_member):
    group_id, _leader, someone = house
    client = as_member(someone)
    client.post("/me/consent/contact/")
    asked = client.get("/me/consent/contact/give/")
    assert "checked" not in asked.content.decode()
    seen = agreed.purpose_text(group_id, "contact").sha256
    assert seen in asked.content.decode()
    assert client.post("/me/consent/contact/give/", {"seen": seen}).status_code == 422
    assert client.post("/me/consent/contact/give/", {"seen": "other words", "agree": "on"}).status_code == 422
    given = client.post("/me/consent/contact/give/", {"seen": seen, "agree": "on"})
    assert given.headers["Location"] == "/me/contact/#main"

    receipt = json.loads(client.get("/me/consent/contact/receipt.json").content)
    assert [each["event_state"].split()[-1] for each in receipt["events"]] == ["given", "withdrawn", "given"]
    assert receipt["purposes"][0]["text_sha256"] == seen
    assert receipt["pii_principal_id"] == someone.id

    new = {"says": "yes", "channel": "mail", "address": "again@example.org"}
    assert client.post("/me/contact/mail/", new).status_code == 302
    assert someone.own().contact.address == "again@example.org"


def test_con2_a_consent_taken_back_elsewhere_is_heard_by_the_worker_and_a_new_yes_is_not_undone(house):
    group_id, _leader, someone = house
    taken = {"by": someone.id, "group_id": group_id, "member_id": someone.id}
    agreements.withdraw_consent(**taken, purpose="emergency", now=NOW)
    agreements.withdraw_consent(**taken, purpose="access-needs", now=NOW)
    seen = agreed.purpose_text(group_id, "access-needs").sha256
    agreements.record_consents(**taken, answers={"access-needs": seen}, method="ticked", now=NOW)
    announce.deliver_due(announce.installed(), NOW)
    assert set(someone.own().parts) == {"alias", "contact", "access"}


def test_con2_a_part_under_a_hold_is_not_destroyed_but_nobody_relies_on_it(house):
    group_id, _leader, someone = house
    row = Compartment.objects.get(member_id=someone.id, name="emergency")
    shredstore.hold([row.secret_id], until=NOW.date())
    actions.forget_part(by=someone.id, group_id=group_id, member_id=someone.id, name="emergency", now=NOW)
    assert shredstore.secrets([row.secret_id])
    assert someone.id in queries.emergency_missing(group_id=group_id, on=NOW.date())
    row.refresh_from_db()
    assert row.due_on == NOW.date()


def test_con2_a_promise_is_taken_back_as_easily_as_made_and_closes_the_door(house, as_member):
    group_id, _leader, someone = house
    client = as_member(someone)
    assert "Signed as: Wren of the harbour" in text(client.get("/me/agreed/"))
    assert queries.why_no_link(group_id=group_id, member_id=someone.id) == ""
    assert "Your links to meetings stop" in text(client.get("/me/promise/"))

    assert client.post("/me/promise/").status_code == 302
    assert "Make the promise" in queries.why_no_link(group_id=group_id, member_id=someone.id)
    assert "You took it back on 23 November 2026" in text(client.get("/me/agreed/"))
    assert client.post("/me/promise/").status_code == 302
    receipt = json.loads(client.get("/me/promise/receipt.json").content)[0]
    assert [each["event_state"] for each in receipt["events"]] == ["promise made", "promise withdrawn"]
    assert receipt["name"] == "Wren of the harbour"


def test_a_new_key_still_reads_the_name_under_the_promise(house, as_member):
    group_id, leader, someone = house
    key = actions.give_new_key(
        by=leader, ring=factories.ring(leader), group_id=group_id, member_id=someone.id, now=NOW
    )
    found = agreed.own_promises(group_id=group_id, member_id=someone.id, holder=key.raw)
    assert [each.name for each in found] == ["Wren of the harbour"]
    assert agreed.own_promises(group_id=group_id, member_id=someone.id, holder=someone.key)[0].name == ""


def test_dat3_a_look_at_the_name_under_a_promise_is_on_the_members_page_too(house, as_member):
    group_id, leader, someone = house
    ring = factories.ring(leader)
    assert (
        agreed.signature(by=leader, about=someone.id, ring=ring, group_id=group_id, now=NOW)
        == "Wren of the harbour"
    )
    shown = text(as_member(someone).get("/me/opened/"))
    assert "Somebody read this part: The name under your promise" in shown


def test_cnf2_a_member_takes_their_signed_copy_along_and_it_checks(as_member):
    group_id, leader = agreed_members.published_group(level="high")
    client = as_member(agreed_members.join(group_id, leader))
    assert "Your signed copy" in text(client.get("/me/agreed/"))
    copy = client.get("/me/promise/receipt.pdf")
    assert copy["Content-Disposition"] == 'attachment; filename="receipt.pdf"'
    words = " ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(copy.content)).pages)
    assert "Wren of the harbour" in words
    code = re.search(r"[a-z2-7]{5}(?:-\s*[a-z2-7]{5}){3}", words)
    assert code
    assert agreed.check_copy(code=code[0], file=copy.content) is agreed.Checked.SAME


def test_cnf2_who_only_ticked_has_no_copy(house, as_member):
    client = as_member(house[2])
    assert "Your signed copy" not in text(client.get("/me/agreed/"))
    assert client.get("/me/promise/receipt.pdf").status_code == 404
