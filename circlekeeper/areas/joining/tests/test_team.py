"""The team's pages: who waits, and deciding together."""

import re

import pytest

from circlekeeper.areas.joining import queries
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, Visitor, applicant, circle
from circlekeeper.areas.roster import queries as roster

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def joining(found, more: str = "") -> str:
    return f"/groups/{found.id}/joining/{more}"


def test_hi1_from_the_call_to_two_words(as_host):
    found = circle(level="high")
    waiting = applicant(found)
    first, second = as_host(found.leader), as_host(found.second)
    page = joining(found, waiting.id + "/")

    assert "<bdi>Wren</bdi>" in first.get(joining(found)).content.decode()
    shown = text(first.get(page))
    assert "2 different people must say yes. So far: 0." in shown
    assert "Please write nothing down" in shown
    early = first.post(page, {"do": "vote", "yes": "yes", "reason": "fits"})
    assert early.status_code == 422
    assert "First speak with them" in text(early)

    first.post(page, {"do": "call-yes"})
    assert "You spoke, and it fits." in text(first.get(page))
    assert first.post(page, {"do": "vote", "yes": "yes", "reason": "fits"}).status_code == 302
    assert "1 person said yes. You have given your word." in text(first.get(joining(found)))
    assert "Change my word" in text(first.get(page))
    second.post(page, {"do": "vote", "yes": "yes", "reason": "fits"})
    assert "Nobody is waiting" in text(first.get(joining(found)))
    assert first.get(page).status_code == 404
    assert roster.active_count(found.id) == 1


def test_med1_a_code_is_made_told_and_typed(as_host, as_owner):
    found = circle()
    visitor = Visitor(found.id).to_agree().finish()
    (waiting,) = queries.waiting(found.id)
    host, page = as_host(found.leader), joining(found, waiting.id + "/")
    code = re.search(r"<strong>(\d{6})</strong>", host.post(page, {"do": "code"}).content.decode())
    assert code
    assert code.group(1) not in host.get(page).content.decode()

    owner = as_owner(visitor.key)
    assert "You were told a code" in text(owner.get("/me/"))
    wrong = owner.post("/me/code/", {"code": "nonsense"})
    assert wrong.status_code == 422
    assert "That is not the code" in text(wrong)
    assert 'value="nonsense"' in wrong.content.decode()
    assert owner.post("/me/code/", {"code": code.group(1)}).headers["Location"] == "/me/"
    assert "They typed the code" in text(host.get(page))
    assert owner.post("/me/code/", {"code": code.group(1)}).status_code == 422


def test_reg7_a_referral_is_shown_once_and_typed_on_the_second_page(as_host):
    found = circle()
    host = as_host(found.leader)
    assert "Write how you reach them" in text(host.post(joining(found, "referrers/"), {"name": "Dr Oak"}))
    listed = host.post(joining(found, "referrers/"), {"name": "Dr Oak", "reach": "at work"})
    one = listed.headers["Location"]
    shown = host.post(one, {"do": "code"}).content.decode()
    letters = re.search(r'<p class="letters"[^>]*>(.*?)</p>', shown, re.DOTALL)
    assert letters
    code = re.sub(r"<[^>]+>", "", letters.group(1)).strip()
    again = host.get(one).content.decode()
    assert code not in again
    assert "Dr Oak" in again
    assert "1 code is out" in text(host.get(joining(found, "referrers/")))
    assert host.get(one.replace(found.id, circle().id)).status_code == 404

    visitor = Visitor(found.id).begin().send(alias="Wren").send(says="no", referral="abc")
    assert visitor.status == 422
    assert "This code cannot be used" in visitor.text
    visitor.send(says="no", referral=code.upper()).send().finish()
    assert "Keep this key" in visitor.text
    (waiting,) = queries.waiting(found.id)
    assert "No code is out." in text(host.get(one))
    assert host.post(one, {"do": "drop"}).headers["Location"] == joining(found, "referrers/")
    assert "Nobody is listed yet" in text(host.get(joining(found, "referrers/")))
    assert "They came with the code of someone you trust" in text(host.get(joining(found, waiting.id + "/")))


def test_reg7_whoever_was_turned_down_reads_it_on_their_page_in_calm_words(as_host, as_owner):
    found = circle(level="low")
    visitor = Visitor(found.id).to_agree().finish()
    (waiting,) = queries.waiting(found.id)
    owner = as_owner(visitor.key)
    assert "Someone answers you here by" in text(owner.get("/me/"))
    as_host(found.leader).post(
        joining(found, waiting.id + "/"), {"do": "vote", "yes": "no", "reason": "not-the-right-group"}
    )

    entered = Visitor(found.id).client.post("/me/enter/", {"key": visitor.key})
    assert entered.status_code == 302
    page = text(owner.get("/me/"))
    assert "cannot take you in now. That says nothing about you." in page
    assert "23 December 2026" in page
    assert "Leave the group" not in page


def test_reg6_deciding_how_people_come_in(as_host):
    found = circle()
    host, page = as_host(found.leader), joining(found, "way/")
    shown = host.get(page).content.decode()
    assert 'value="form"' not in shown
    assert 'value="call-and-two"' in shown
    assert "identity document" in shown
    refused = host.post(page, {"path": "call"})
    assert refused.status_code == 422
    assert "Say why" in text(refused)
    assert host.post(page, {"path": "form", "reason": "adviser", "again_after": "P6M"}).status_code == 422
    assert host.post(page, {"path": "call", "reason": "people-unsafe"}).status_code == 422
    told = {"path": "call", "reason": "people-unsafe", "again_after": "P6M"}
    assert host.post(page, told).status_code == 302
    shown = text(host.get(joining(found)))
    assert "One of us speaks with them first." in shown
    assert "To be looked at again by 23 May 2027." in shown
    assert "Too few to show numbers" in shown


def test_reg6_an_overdue_look_is_a_todo_and_clears_when_decided_anew(as_host, at):
    from datetime import timedelta

    found = circle()
    host, page = as_host(found.leader), joining(found, "way/")
    told = {"path": "call", "reason": "people-unsafe", "again_after": "P3M"}
    host.post(page, told)
    assert "Look again at how you get to know people" not in text(host.get("/today/"))
    at(NOW + timedelta(days=93))
    assert "Look again at how you get to know people" in text(host.get("/today/"))
    host.post(page, told)
    assert "Look again at how you get to know people" not in text(host.get("/today/"))


def test_a_promise_of_an_answer_that_is_past_is_said(as_host, at):
    from datetime import timedelta

    found = circle(level="low")
    applicant(found)
    at(NOW + timedelta(days=15))
    assert "Please answer today." in text(as_host(found.leader).get(joining(found)))


def test_an_unknown_button_is_404_and_a_wrong_word_keeps_the_page(as_host):
    found = circle(level="low")
    waiting = applicant(found)
    host, page = as_host(found.leader), joining(found, waiting.id + "/")
    assert host.post(page, {"do": "dance"}).status_code == 404
    assert host.post(page, {"do": "call-maybe"}).status_code == 404
    assert host.post(page, {"do": "vote"}).status_code == 422
    wrong = host.post(page, {"do": "vote", "yes": "yes", "reason": "full"})
    assert wrong.status_code == 422
    assert "Choose a reason that fits your answer." in text(wrong)
    assert queries.waiting(found.id)


def test_someone_without_keys_is_told_who_can_help(as_host):
    from circlekeeper.foundation.accounts import actions as accounts
    from circlekeeper.foundation.accounts.tests import factories as people
    from circlekeeper.foundation.permissions import RoleName

    found = circle(level="low")
    applicant(found)
    third = people.person("third")
    accounts.grant_role(
        by=found.leader.id, person_id=third.id, place=found.id, role=RoleName.PRIVACY_LEAD, now=NOW, keyed=False
    )
    answer = as_host(third).get(joining(found))
    assert answer.status_code == 409
    assert "holds the keys of this group" in text(answer)


def test_today_says_how_many_wait(as_host):
    found = circle(level="low")
    applicant(found)
    assert "1 person asks to join" in text(as_host(found.leader).get("/today/"))


def test_the_public_page_says_when_a_profession_binds_somebody():
    from django.test import Client

    found = circle(level="low", overlays=("clinicians",))
    assert "bound by their profession" in text(Client().get(f"/g/{found.id}/"))
    assert "bound by their profession" not in text(Client().get(f"/g/{factories.circle(level='low').id}/"))
