"""The profile: answers, what they lead to, changing them later, and what an adviser said (WHY3, ACC6, PRO1, EXP1, LVL0)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import actions, checks, queries
from circlekeeper.areas.safeguards.evidence import Question
from circlekeeper.areas.safeguards.models import AdviserStamp
from circlekeeper.areas.safeguards.tests.factories import ALICE, NOW, PRIYA, group
from circlekeeper.areas.safeguards.tests.test_pages import _text, signed_in
from circlekeeper.foundation import clock, guard, playbook
from circlekeeper.foundation.accounts import who
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.playbook import merge
from circlekeeper.foundation.vault import groupkeys, userkeys
from circlekeeper.foundation.vault.ring import KeyRing

__all__ = ["signed_in"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "shred"]),
    pytest.mark.urls("circlekeeper.areas.safeguards.tests.addresses"),
]

QUESTIONS = [question.id for question in playbook.book().interview.question]
NO = dict.fromkeys(QUESTIONS, "no")
LATER = NOW + timedelta(days=20)
KEK = bytes(range(32))

given_answers = st.dictionaries(
    st.sampled_from(QUESTIONS), st.sampled_from(["yes", "no", "dont-know", ""]), max_size=len(QUESTIONS)
)


def answer(group_id: str, *, by: str = ALICE, now: Any = LATER, **given: str) -> queries.LevelFact:
    wanted = {name.replace("_", "-"): said for name, said in given.items()}
    return actions.change_answers(by=by, group_id=group_id, answers=wanted, reason="members", now=now)


def profiled(**given: str) -> str:
    """An open group that answered no to all but these."""
    made = group(level="low", state="open")
    actions.change_answers(
        by=ALICE,
        group_id=made,
        answers=NO | {name.replace("_", "-"): said for name, said in given.items()},
        reason="members",
        now=NOW + timedelta(minutes=1),
    )
    return made


@settings(max_examples=60)
@given(said=given_answers, question=st.sampled_from(QUESTIONS), surer=st.sampled_from(["yes", "dont-know"]))
def test_why3_a_yes_or_a_dont_know_never_loosens_what_the_overlays_ask(
    said: dict[str, str], question: str, surer: str
) -> None:
    """From the answers to the merged rules, through the playbook as shipped: at the same level nothing gets looser."""
    book = playbook.book()
    before, after = queries.suggestion(said), queries.suggestion({**said, question: surer})
    assert before.overlays <= after.overlays
    for level in playbook.Level:
        assert (
            merge.weakened(before=book.answer(level, before.overlays), after=book.answer(level, after.overlays))
            == ()
        )


@given(said=given_answers)
def test_why3_dont_know_leads_where_yes_leads(said: dict[str, str]) -> None:
    sure = {name: "yes" if given == "dont-know" else given for name, given in said.items()}
    unsure, certain = queries.suggestion(said), queries.suggestion(sure)
    assert (unsure.level, unsure.overlays) == (certain.level, certain.overlays)


def test_why3_a_grant_brings_release_rules_and_the_day_clock_and_dont_know_keeps_them() -> None:
    made = profiled(funded="yes")
    for said in ("yes", "dont-know"):
        if said == "dont-know":
            answer(made, funded=said)
        assert queries.settings_for(made).mode("release-rules").binds
        (funded,) = queries.profile(made, LATER).may_apply
        assert ["PT24H"] == [str(clock.within) for clock in funded.clocks]


def test_acc6_young_people_end_private_chat_and_shorten_periods() -> None:
    made = profiled()
    calm = queries.settings_for(made)
    assert calm.value("private-chat") != "off"
    assert answer(made, minors="yes").in_force_at == LATER
    asked = queries.settings_for(made)
    assert asked.value("private-chat") == "off"
    assert asked.mode("facilitators-trained").binds
    assert asked.mode("two-adults-present").binds
    assert str(queries.keep_for(made, "roster")) == "P30D"
    assert merge.weakened(before=calm, after=asked) == ()


def test_pro1_a_clinicians_group_is_held_to_the_professional_level_as_well() -> None:
    made = profiled(clinicians="dont-know", found="yes")
    facts = groups.group(made)
    assert (facts.level, facts.overlays) == ("high", frozenset({"clinicians"}))
    both, book = queries.settings_for(made), playbook.book()
    for level in ("high", "professional"):
        assert merge.loosened(before=book.answer(playbook.Level(level)), after=both) == ()


def test_exp1_a_pilot_asks_for_contract_assessment_and_a_separate_yes() -> None:
    made = profiled(pilot="yes")
    asked = queries.settings_for(made)
    for control in ("vendor-contracts", "impact-assessed", "pilot-consent"):
        assert asked.mode(control).binds, control


def test_lvl0_a_stricter_answer_holds_at_once_and_a_laxer_one_waits_for_two() -> None:
    made = profiled(survivors="yes")
    waits = answer(made, survivors="no")
    assert waits.in_force_at is None
    assert groups.group(made).overlays == {"survivors"}
    assert queries.profile(made, LATER).answers["survivors"] == "yes"
    with pytest.raises(Refused):
        actions.approve_level(by=ALICE, decision_id=waits.id, now=LATER)
    actions.approve_level(by=PRIYA, decision_id=waits.id, now=LATER)
    assert groups.group(made).overlays == frozenset()
    assert queries.profile(made, LATER).answers["survivors"] == "no"


def test_lvl0_in_a_mixed_change_the_stricter_part_does_not_wait() -> None:
    made = profiled(survivors="yes")
    waits = answer(made, survivors="no", minors="yes", found="dont-know")
    assert waits.in_force_at is None
    facts = groups.group(made)
    assert (facts.level, facts.overlays) == ("high", frozenset({"survivors", "minors"}))
    kept = queries.profile(made, LATER).answers
    assert (kept["survivors"], kept["minors"]) == ("yes", "yes")


def test_lvl0_a_level_chosen_above_the_answers_stays() -> None:
    made = group(level="high", state="open")
    actions.change_answers(by=ALICE, group_id=made, answers=NO | {"uk": "yes"}, reason="way", now=LATER)
    assert groups.group(made).level == "high"


@pytest.mark.parametrize("answers", [{"survivors": "maybe"}, {"no-such-question": "yes"}, {"survivors": ""}])
def test_why3_an_unknown_answer_is_refused(answers: dict[str, str]) -> None:
    made = profiled()
    with pytest.raises(Refused):
        actions.change_answers(by=ALICE, group_id=made, answers=answers, reason="members", now=LATER)


# --- the adviser's stamp --------------------------------------------------------------------------------------------


def keyed(made: str) -> KeyRing:
    with guard.outside_action("test data"):
        Person.objects.get_or_create(pk=ALICE, defaults={"handle": ALICE, "joined_at": NOW})
        userkeys.make_person_keys(person_id=ALICE, kek=KEK, now=NOW)
    groupkeys.create_group_keys(by=ALICE, group_id=made, now=NOW)
    return KeyRing(userkeys.unlock_with_kek(ALICE, KEK))


def stamp(made: str, *, version: int | None = None) -> str:
    return actions.stamp_profile(
        by=ALICE,
        group_id=made,
        stamp=actions.seal_stamp(group_id=made, name="Ms Ortolan", sentence="Keep it as written.", now=NOW),
        given_on=NOW.date(),
        profile_version=version or queries.profile(made, NOW).version,
        now=NOW,
    )


def test_why3_an_advisers_word_has_a_name_a_date_a_sentence_and_a_version() -> None:
    made = profiled(uk="yes")
    ring = keyed(made)
    stamp_id = stamp(made)
    found = queries.profile(made, NOW)
    assert found.stamped
    assert found.stamp is not None
    assert (found.stamp.given_on, found.stamp.profile_version) == (NOW.date(), found.version)
    words = queries.stamp_words(by=ALICE, about=stamp_id, now=NOW, ring=ring)
    assert (words.name, words.sentence) == ("Ms Ortolan", "Keep it as written.")
    row = AdviserStamp.objects.get(pk=stamp_id)
    assert b"Ortolan" not in bytes(row.blob) + bytes(row.wrap)
    assert [word.control for word in queries.attestations(made)] == ["legal-review"]


def test_why3_a_change_of_the_profile_voids_the_advisers_word() -> None:
    made = profiled(uk="yes")
    keyed(made)
    stamp(made)
    answer(made, eu="yes")
    found = queries.profile(made, LATER)
    assert not found.stamped
    assert found.stamp is not None
    assert found.stamp.voided_at == LATER
    assert all(word.withdrawn_at == LATER for word in queries.attestations(made))


def test_why3_an_answer_that_changes_no_rule_is_still_another_profile() -> None:
    made = profiled(uk="yes")
    keyed(made)
    stamp(made)
    answer(made, uk="dont-know")
    assert not queries.profile(made, LATER).stamped


def test_why3_advice_about_an_older_version_is_refused() -> None:
    made = profiled(uk="yes")
    keyed(made)
    shown = queries.profile(made, NOW).version
    answer(made, eu="yes")
    with pytest.raises(Refused):
        stamp(made, version=shown)


def test_why3_the_advisers_name_dies_with_its_answer() -> None:
    made = profiled(uk="yes")
    keyed(made)
    row = AdviserStamp.objects.get(pk=stamp(made))
    assert row.due_on == max(word.expires_at for word in queries.attestations(made)).date()


# --- pages ----------------------------------------------------------------------------------------------------------


def test_why3_the_safety_page_says_may_apply_and_ask_counsel(signed_in: Callable[..., Client]) -> None:
    made = profiled(funded="yes")
    shown = _text(signed_in(ALICE, made).get(f"/groups/{made}/safety/"))
    for part in ("may apply", "Ask counsel", "within 24 hours", "award letter", "read on 22 November 2026"):
        assert part in shown, part
    assert "Nobody has written down yet" in shown


def test_why3_an_old_source_is_shown_as_old() -> None:
    (fresh,) = queries.may_apply(["uk"], NOW)
    (old,) = queries.may_apply(["uk"], NOW + timedelta(days=250))
    assert (fresh.old_sources, len(old.old_sources)) == ((), 1)


def test_why3_the_page_of_answers_changes_them(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = profiled(survivors="yes")
    client, path = signed_in(ALICE, made), f"/groups/{made}/safety/answers/"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=2))
    assert client.get(path).content.count(b" checked") == len(QUESTIONS)
    assert client.post(path, NO | {"survivors": "dont-know"}).status_code == 422
    assert client.post(path, NO | {"survivors": "dont-know", "reason": "members"}).status_code == 302
    assert queries.profile(made, NOW).answers["survivors"] == "dont-know"
    assert groups.group(made).overlays == {"survivors"}


def test_why3_the_page_of_the_adviser_seals_and_shows(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = profiled(uk="yes")
    ring = keyed(made)
    client = signed_in(ALICE, made)

    def of(request: Any) -> who.Who:
        roles = {made: frozenset({RoleName.LEADER})}
        return who.Who(
            kind="person",
            id=ALICE,
            has_factor=True,
            proved_at=NOW,
            find_roles=lambda: roles,
            find_ring=lambda: ring,
        )

    monkeypatch.setattr(who, "of", of)
    path = f"/groups/{made}/safety/adviser/"
    said = {"name": "Ms Ortolan", "given_on": "2026-11-20", "sentence": "Keep it as written."}
    assert client.post(path, said | {"given_on": "2027-01-01"}).status_code == 422
    assert client.post(path, said).status_code == 302
    assert "Ms Ortolan" in _text(client.get(path))
    assert "Ms Ortolan" not in _text(client.get(f"/groups/{made}/safety/"))
    assert "looked at version" in _text(client.get(f"/groups/{made}/safety/"))


def test_level_decided_still_holds_after_new_answers() -> None:
    made = profiled(uk="yes")
    assert checks.a_level_was_decided(Question(made, NOW)).verdict == "met"
