"""How people like to be treated: one's own to write, sums for hosts (ACC4)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.access import actions, queries, rules
from circlekeeper.areas.access.models import Card
from circlekeeper.areas.access.tests.factories import NOW, Circle, Owner, circle, member, person
from circlekeeper.areas.access.words import CARD_ANSWERS
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.groupkeys import Scope

database = pytest.mark.django_db(databases=["default", "shred"])
NAMES = ("Wren", "Robin", "Finch", "Heron", "Swift", "Kestrel")
cards = st.lists(
    st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(known), max_size=3) for name, known in rules.CHOICES.items()}
    ),
    max_size=14,
)


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def fill(found: Circle, owner: Owner, **fields: list[str]) -> None:
    actions.keep_card(by=owner.id, group_id=found.id, holder=owner.holder, fields=fields, now=NOW)


@given(cards)
def test_acc4_no_sum_is_below_five_or_tells_what_one_more_card_said(found):
    said = [rules.said(each) for each in found]
    for (name, answer), count in rules.sums(said, 5).items():
        assert count >= 5
        assert count % 5 == 0
        assert count <= sum(answer in each.get(name, []) for each in said)


def test_acc4_unknown_questions_and_answers_are_dropped():
    assert rules.said({"names": ["chosen", "formal"], "diagnosis": ["x"], "mix": ["tall"]}) == {
        "names": ["chosen"]
    }
    assert {name: tuple(held) for name, held in CARD_ANSWERS.items()} == dict(rules.CHOICES)


@database
def test_acc4_hosts_see_tips_below_five_and_sums_from_five_up(as_owner, as_host):
    found = circle()
    host = as_host(person(found, RoleName.FACILITATOR, Scope.DOOR, Scope.EMERGENCY))
    page = f"/groups/{found.id}/access/tips/"
    owners = [member(found, name) for name in NAMES[:4]]
    for owner in owners:
        fill(found, owner, days=["friday"], names=["formal"])
    shown = text(host.get(page))
    assert "Too few have answered" in shown
    assert "Fridays" not in shown
    assert "Use the name a person chose" in shown
    last = member(found, NAMES[4])
    assert as_owner(last.key).post("/me/card/", {"days": ["friday", "sunday"]}).status_code == 302
    shown = text(host.get(page))
    assert "Fridays 5 people or more" in shown
    assert "Sundays" not in shown
    assert "Formally" not in shown
    assert not [name for name in NAMES if name in shown]
    assert "access.card.sum" in {each.verb for each in ledger.queries.entries_about(found.id)}


@database
def test_acc4_a_card_is_optional_ones_own_and_taken_back(as_owner):
    found = circle()
    wren = member(found)
    owner = as_owner(wren.key)
    assert "What feels right to you?" in text(owner.get("/me/"))
    assert owner.post("/me/card/", {}).status_code == 302
    assert Card.objects.count() == 0
    owner.post("/me/card/", {"mix": "own-gender", "days": ["sunday"]})
    shown = owner.get("/me/card/").content.decode()
    assert re.search(r'value="own-gender"[^>]*checked', shown)
    row = Card.objects.get()
    assert b"gender" not in bytes(row.blob) + bytes(row.wrap) + bytes(row.holder_wrap)
    other = as_owner(member(found, "Robin").key)
    assert not re.search(r'value="own-gender"[^>]*checked', other.get("/me/card/").content.decode())
    owner.post("/me/card/", {})
    assert Card.objects.count() == 0
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(row.secret_id)


@database
def test_acc4_a_card_goes_with_whoever_leaves():
    found = circle()
    wren = member(found)
    fill(found, wren, names=["formal"])
    roster_do.forget_now(by=wren.id, group_id=found.id, member_id=wren.id, now=NOW)
    announce.deliver_due(announce.installed(), NOW)
    assert Card.objects.count() == 0
    assert queries.own_card(group_id=found.id, member_id=wren.id, holder=wren.holder) is None
