"""Rules that hurt: said by nobody in particular, answered by a day, changed with a note that credits no one (ACC5)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.access import actions, queries, rules
from circlekeeper.areas.access.models import RuleReview
from circlekeeper.areas.access.tests.factories import NOW, Circle, circle, member, person
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault.groupkeys import Scope

database = pytest.mark.django_db(databases=["default", "shred"])
NOTE = "We now take a break after half an hour."


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def raised(found: Circle, kind: str = "norms", words: str = "Sitting still for an hour hurts.") -> str:
    actions.raise_rule(group_id=found.id, kind=kind, words=words, now=NOW)
    return queries.open_reviews([found.id])[found.id][-1].id


def change(
    found: Circle, review_id: str, *, part: str = "", words: str = "We take a break.", note: str = NOTE
) -> None:
    actions.change_rule(
        by=found.leader.id,
        ring=found.leader.ring,
        group_id=found.id,
        review_id=review_id,
        part=part,
        words=words,
        note=note,
        now=NOW,
    )


@database
def test_acc5_a_rule_that_hurts_is_answered_with_a_new_version_and_a_note_to_members(as_owner, as_host):
    found = circle()
    wren, robin = member(found), member(found, "Robin")
    owner, host = as_owner(wren.key), as_host(found.leader)
    assert "Does a rule here hurt you?" in text(owner.get("/me/"))
    assert owner.post("/me/rules/", {"kind": "norms"}).status_code == 422
    said = owner.post("/me/rules/", {"kind": "norms", "words": "Sitting still for an hour hurts."})
    assert "Nothing shows that it was you." in text(said)
    assert "Someone says that a rule hurts them" in text(host.get("/today/"))
    page = f"/groups/{found.id}/access/rules/"
    assert "You promised an answer by 7 December 2026." in text(host.get(page))
    (review,) = queries.open_reviews([found.id])[found.id]
    assert "Sitting still for an hour hurts." in text(host.get(f"{page}{review.id}/"))
    before = agreements.current(found.id, "norms")
    assert before is not None
    told = {
        "verdict": "change",
        "part": "",
        "words": "We take a break.",
        "note": "Thanks to Robin we take a break.",
    }
    refused = host.post(f"{page}{review.id}/", told)
    assert refused.status_code == 422
    assert "points at nobody" in text(refused)
    assert host.post(f"{page}{review.id}/", told | {"note": NOTE}).status_code == 302

    after = agreements.current(found.id, "norms")
    assert after is not None
    assert (after.version, after.change_note, after.material) == (before.version + 1, NOTE, True)
    assert "We take a break." in agreements.norms(found.id)
    for key in (wren.key, robin.key):
        assert "A rule changed " + NOTE in text(as_owner(key).get("/me/"))
    assert "Someone says that a rule hurts them" not in text(host.get("/today/"))


@database
def test_acc5_nothing_says_who_said_it():
    found = circle()
    wren = member(found)
    review = raised(found, words="canary-rule")
    row = RuleReview.objects.get()
    assert b"canary" not in bytes(row.blob) + bytes(row.wrap)
    assert not {"member_id", "by", "person_id"} & {field.name for field in RuleReview._meta.get_fields()}
    assert wren.id not in repr(RuleReview.objects.values_list())
    assert {each.by for each in ledger.queries.entries_about(review)} == {"visitor"}


@database
def test_acc5_an_answer_that_is_overdue_is_for_today(as_host, at):
    found = circle()
    raised(found)
    host = as_host(found.leader)
    facilitator = as_host(person(found, RoleName.FACILITATOR, Scope.DOOR))
    assert "Someone says that a rule hurts them" not in text(facilitator.get("/today/"))
    assert facilitator.get(f"/groups/{found.id}/access/rules/").status_code == 404
    at(NOW + timedelta(days=14))
    assert "You promised an answer by 7 December." in text(host.get("/today/"))


@database
def test_acc5_a_rule_may_stay_with_a_reason_everyone_reads(as_owner):
    found = circle()
    wren, review = member(found), raised(found)
    version = agreements.current(found.id, "norms")
    about: dict[str, Any] = {
        "by": found.leader.id,
        "ring": found.leader.ring,
        "group_id": found.id,
        "review_id": review,
        "now": NOW,
    }
    with pytest.raises(Refused, match="in a sentence"):
        actions.keep_rule(note="No.", **about)
    actions.keep_rule(note="It keeps everyone safe; a break is possible at any time.", **about)
    assert agreements.current(found.id, "norms") == version
    assert "It keeps everyone safe" in text(as_owner(wren.key).get("/me/rules/"))
    with pytest.raises(NotHere):
        actions.keep_rule(note="It keeps everyone safe, again.", **about)


@database
def test_acc5_the_norms_that_protect_everyone_and_unknown_parts_cannot_be_changed():
    found = circle()
    fixed = next(each for each in agreements.norm_texts(found.id) if each.fixed)
    assert fixed.id not in {each.id for each in queries.parts(found.id, "norms")}
    with pytest.raises(NotHere):
        change(found, raised(found), part=fixed.id)
    with pytest.raises(NotHere):
        actions.raise_rule(group_id=found.id, kind="diagnosis", words="x", now=NOW)
    other = circle()
    with pytest.raises(NotHere):
        change(other, queries.open_reviews([found.id])[found.id][0].id)


@database
def test_acc5_a_section_of_the_policy_is_published_anew_and_what_cannot_be_read_is_refused():
    found = circle()
    review = raised(found, "policy")
    part = queries.parts(found.id, "policy")[0]
    before = agreements.current(found.id, "policy")
    assert before is not None
    with pytest.raises(Refused):
        change(found, review, part=part.id, words="")
    assert queries.open_review(found.id, review).verdict == "open"
    change(found, review, part=part.id, words="We write down as little as we can. You may ask us at any time.")
    after = agreements.current(found.id, "policy")
    assert after is not None
    assert (after.version, after.change_note) == (before.version + 1, NOTE)


@given(st.sampled_from(["Wren", "Big Blue", "Ann-Marie"]), st.sampled_from(["{}", "Thanks, {}!", "so said {}."]))
def test_acc5_a_note_credits_no_one_in_whatever_case(alias, frame):
    assert rules.credits_somebody(frame.format(alias.upper()), [alias])
    assert rules.credits_somebody(frame.format(alias.lower()), ["Finch", alias])
    assert not rules.credits_somebody(frame.format("x" + alias.replace(" ", "") + "x"), [alias])
