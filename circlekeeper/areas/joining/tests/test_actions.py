"""Proving, calling, deciding; and how people are got to know at all."""

from datetime import timedelta

import pytest

from circlekeeper.areas.agreements.models import Consent, Pledge
from circlekeeper.areas.joining import actions, queries
from circlekeeper.areas.joining.actions import applying
from circlekeeper.areas.joining.models import Application, Referral, Vote
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, TODAY, Circle, applicant, circle
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.models import Compartment, Member
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.errors import NotHere, Refused

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def vote(found: Circle, who: Someone, application_id: str, *, yes: bool = True, reason: str = "") -> str:
    return actions.vote(
        by=who.id,
        ring=who.ring,
        group_id=found.id,
        application_id=application_id,
        yes=yes,
        reason=reason or ("fits" if yes else "full"),
        now=NOW,
    )


def call(found: Circle, application_id: str, outcome: str = "yes") -> None:
    actions.note_call(
        by=found.leader.id, group_id=found.id, application_id=application_id, outcome=outcome, now=NOW
    )


def make_code(found: Circle, application_id: str, now=NOW) -> str:
    return actions.make_code(by=found.leader.id, group_id=found.id, application_id=application_id, now=now)


def prove(found: Circle, member_id: str, code: str, now=NOW) -> None:
    actions.prove_contact(by=member_id, group_id=found.id, code=code, now=now)


def test_hi1_two_different_people_must_say_yes_and_one_person_twice_counts_once():
    found = circle(level="high")
    waiting = applicant(found)
    call(found, waiting.id)

    assert vote(found, found.leader, waiting.id) == "open"
    assert vote(found, found.leader, waiting.id, reason="known-to-us") == "open"
    assert Vote.objects.count() == 1
    assert roster.active_count(found.id) == 0
    assert vote(found, found.second, waiting.id) == "approved"
    assert roster.active_ids(found.id) == {waiting.member_id}


def test_hi1_reg7_without_the_call_no_yes_counts():
    found = circle(level="high")
    waiting = applicant(found)
    for outcome in ("", "later", "no"):
        if outcome:
            call(found, waiting.id, outcome)
        with pytest.raises(Refused, match="speak with them"):
            vote(found, found.leader, waiting.id)
    assert Vote.objects.count() == 0
    assert queries.waiting(found.id)


def test_reg7_of_the_call_only_the_outcome_is_kept():
    found = circle(level="high")
    waiting = applicant(found)
    with pytest.raises(NotHere):
        call(found, waiting.id, "she said that")
    fields = {each.name for each in Application._meta.get_fields()} | {
        each.name for each in Vote._meta.get_fields()
    }
    assert not {"note", "notes", "text", "comment"} & fields


def test_med1_at_medium_a_contact_that_was_not_proved_keeps_the_door_closed():
    found = circle()
    waiting = applicant(found)
    with pytest.raises(Refused, match="whether you reach them"):
        vote(found, found.leader, waiting.id)
    prove(found, waiting.member_id, make_code(found, waiting.id))
    assert vote(found, found.leader, waiting.id) == "approved"


def test_med1_five_wrong_codes_and_then_not_even_the_right_one():
    found = circle()
    waiting = applicant(found)
    code = make_code(found, waiting.id)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises(Refused, match="not the code"):
            prove(found, waiting.member_id, wrong)
    with pytest.raises(Refused, match="too often"):
        prove(found, waiting.member_id, code)
    prove(found, waiting.member_id, make_code(found, waiting.id))
    assert queries.application(group_id=found.id, application_id=waiting.id).proven


def test_med1_a_code_lasts_a_week_is_used_once_and_a_new_one_ends_it():
    found = circle()
    waiting = applicant(found)
    first = make_code(found, waiting.id)
    with pytest.raises(Refused, match="No code"):
        prove(found, waiting.member_id, first, NOW + timedelta(days=7, seconds=1))
    second = make_code(found, waiting.id)
    if first != second:
        with pytest.raises(Refused):
            prove(found, waiting.member_id, first)
    prove(found, waiting.member_id, f" {second[:3]} {second[3:]} ")
    with pytest.raises(Refused, match="No code"):
        prove(found, waiting.member_id, second)


def test_a_code_belongs_to_one_person():
    found = circle()
    wren, robin = applicant(found, "Wren"), applicant(found, "Robin")
    code = make_code(found, wren.id)
    with pytest.raises(Refused):
        prove(found, robin.member_id, code)
    assert code not in repr(Application.objects.filter(pk=wren.id).values_list())


def test_reg7_a_referral_opens_the_way_once():
    found = circle()
    code = factories.referral(found, now=NOW)
    no = {"says": "no", "referral": code}
    waiting = applicant(found, contact=no)

    assert waiting.referred
    assert vote(found, found.leader, waiting.id, reason="referred") == "approved"
    assert Referral.objects.count() == 0
    with pytest.raises(Refused, match="cannot be used"):
        factories.ask(found, factories.filled("Robin", contact=no))
    assert Member.objects.count() == 1


@pytest.mark.parametrize("kind", ["forged", "of another group", "too old"])
def test_reg7_a_forged_or_foreign_referral_is_refused_and_leaves_nothing(kind):
    found, other = circle(), circle()
    code = {
        "forged": "abcd-" * 6 + "ab",
        "of another group": factories.referral(other, now=NOW),
        "too old": factories.referral(found, now=NOW - timedelta(days=31)),
    }[kind]
    assert not queries.referral_open(group_id=found.id, code=code, now=NOW)
    with pytest.raises(Refused):
        factories.ask(found, factories.filled(contact={"says": "no", "referral": code}))
    assert Member.objects.count() == Application.objects.count() == 0


def test_hi1_a_referral_does_not_stand_for_the_call():
    found = circle(level="high")
    code = factories.referral(found, now=NOW)
    waiting = applicant(found, contact={"says": "no", "referral": code})
    with pytest.raises(Refused, match="speak with them"):
        vote(found, found.leader, waiting.id)


def test_reg7_a_no_decides_at_once_and_sets_the_short_clock_for_all_of_it():
    found = circle(level="high")
    waiting = applicant(found)
    assert vote(found, found.second, waiting.id, yes=False, reason="safety") == "declined"

    row, member, week = Application.objects.get(), Member.objects.get(), TODAY + timedelta(days=7)
    assert (row.decided_on, row.due_on) == (TODAY, week)
    assert (member.state, member.due_on) == ("declined", week)
    assert {each.due_on for model in (Consent, Pledge) for each in model.objects.all()} == {week}


def test_dat5_what_was_agreed_to_waits_no_longer_than_the_application_and_stays_with_a_member():
    found = circle(level="low")
    waiting = applicant(found)
    row = Application.objects.get()
    assert {each.due_on for model in (Consent, Pledge) for each in model.objects.all()} == {row.due_on}
    assert row.due_on == Member.objects.get().due_on

    vote(found, found.leader, waiting.id)

    assert {each.due_on for model in (Consent, Pledge) for each in model.objects.all()} == {None}
    assert Application.objects.get().due_on == TODAY + timedelta(days=30)


def test_after_the_decision_the_record_opens_quickly_for_those_who_hold_the_keys():
    found = circle(level="low")
    waiting = applicant(found)
    before = {row.name: bytes(row.wrap) for row in Compartment.objects.all()}
    vote(found, found.leader, waiting.id)
    after = {row.name: bytes(row.wrap) for row in Compartment.objects.all()}

    assert all(before[name] != after[name] for name in before)
    assert roster.aliases(ring=found.second.ring, group_id=found.id)[waiting.member_id] == "Wren"


@pytest.mark.parametrize(("yes", "reason"), [(True, "full"), (False, "fits"), (True, ""), (True, "because")])
def test_a_reason_comes_from_the_list_of_its_answer(yes, reason):
    found = circle(level="low")
    waiting = applicant(found)
    with pytest.raises(Refused, match="reason"):
        actions.vote(
            by=found.leader.id,
            ring=found.leader.ring,
            group_id=found.id,
            application_id=waiting.id,
            yes=yes,
            reason=reason,
            now=NOW,
        )


def test_what_was_decided_stays_decided():
    found = circle(level="low")
    waiting = applicant(found)
    vote(found, found.leader, waiting.id)
    for act in (
        lambda: vote(found, found.second, waiting.id, yes=False),
        lambda: make_code(found, waiting.id),
        lambda: call(found, waiting.id),
    ):
        with pytest.raises(Refused, match="decided already"):
            act()


def test_another_groups_leader_reaches_nothing_here():
    found, other = circle(level="low"), circle(level="low")
    waiting = applicant(found)
    with pytest.raises(NotHere):
        vote(Circle(other.id, other.leader, other.second), other.leader, waiting.id)
    with pytest.raises(NotHere):
        actions.make_code(by=other.leader.id, group_id=other.id, application_id=waiting.id, now=NOW)
    with pytest.raises(NotHere):
        queries.application(group_id=other.id, application_id=waiting.id)


def test_an_application_goes_with_whoever_wrote_it():
    found = circle(level="low")
    waiting = applicant(found)
    vote_first = queries.waiting(found.id)
    assert vote_first
    actions.drop_application(by="system", group_id=found.id, member_id=waiting.member_id, now=NOW)
    assert queries.waiting(found.id) == []
    assert Vote.objects.count() == 0


def test_leaving_before_the_answer_ends_the_application_through_the_switchboard():
    from circlekeeper.areas.roster import actions as roster_do
    from circlekeeper.foundation import announce

    found = circle(level="low")
    waiting = applicant(found)
    roster_do.leave(by=waiting.member_id, group_id=found.id, member_id=waiting.member_id, now=NOW)
    announce.deliver_due(announce.installed(), NOW)
    assert queries.waiting(found.id) == []


def test_reg6_the_way_is_the_levels_until_somebody_decides_and_never_lighter():
    found = circle()
    here = queries.way(found.id)
    assert (here.path, here.deciders, here.reason) == ("contact-proven", 1, "")
    assert here.decided_at == factories.BEFORE
    assert str(here.review_on) == "2027-05-23"

    with pytest.raises(Refused, match="asks for more"):
        actions.decide_vetting(by=found.leader.id, group_id=found.id, path="form", reason="adviser", now=NOW)
    for reason in ("", "just so"):
        with pytest.raises(Refused) as refusal:
            actions.decide_vetting(by=found.leader.id, group_id=found.id, path="call", reason=reason, now=NOW)
        assert refusal.value.field == "reason"
    actions.decide_vetting(
        by=found.leader.id, group_id=found.id, path="call-and-two", reason="someone-got-in", now=NOW
    )
    here = queries.way(found.id)
    assert (here.path, here.deciders, here.reason) == ("call-and-two", 2, "someone-got-in")
    waiting = applicant(found)
    with pytest.raises(Refused, match="speak with them"):
        vote(found, found.leader, waiting.id)


def test_reg6_a_decision_grows_old_and_is_asked_for_again():
    from circlekeeper.areas.joining import checks
    from circlekeeper.areas.safeguards import queries as safeguards
    from circlekeeper.areas.safeguards.evidence import Question, Verdict

    def standing(now) -> Verdict:
        return next(
            check.verdict
            for control in safeguards.posture(found.id, now).findings
            for check in control.checks
            if check.control == "vetting-decided"
        )

    found = circle()
    assert standing(NOW) is Verdict.MET
    later = NOW + timedelta(days=190)
    assert standing(later) is Verdict.STALE
    actions.decide_vetting(
        by=found.leader.id, group_id=found.id, path="contact-proven", reason="as-the-level-says", now=later
    )
    assert standing(later) is Verdict.MET
    assert checks.it_is_decided_how_people_come_in(Question(found.id, later)).checked_at == later


def test_reg3_reg4_reg5_a_question_nobody_needs_shows_before_opening(monkeypatch):
    from django import forms

    from circlekeeper.areas.joining import checks
    from circlekeeper.areas.joining.forms import HelpForm
    from circlekeeper.areas.safeguards.evidence import Question, Verdict

    ask = Question("any", NOW)
    assert checks.only_the_minimum_is_asked(ask).verdict is Verdict.MET
    monkeypatch.setitem(HelpForm.base_fields, "diagnosis", forms.CharField())
    assert checks.only_the_minimum_is_asked(ask).verdict is Verdict.NOT_MET


def test_reg6_a_funnel_of_three_shows_nothing_and_of_five_its_numbers():
    found = circle(level="low")
    for number in range(3):
        vote(found, found.leader, applicant(found, f"Bird {'abc'[number]}").id)
    assert queries.funnel(found.id) == queries.Funnel(None, None, None, None, None)
    for number in range(2):
        vote(found, found.leader, applicant(found, f"Fish {'ab'[number]}").id)
    assert queries.funnel(found.id) == queries.Funnel(5, None, 5, 5, 0)
    applicant(found, "Newt")
    assert queries.funnel(found.id) == queries.Funnel(6, None, None, None, 0)


def test_reg1_a_name_like_another_is_pointed_out_to_those_who_decide():
    found = circle(level="low")
    vote(found, found.leader, applicant(found, "Robin").id)
    twin = applicant(found, "R0bin")
    plain = applicant(found, "Lark")
    ring = found.leader.ring
    assert queries.alias_warnings(ring=ring, group_id=found.id, member_id=twin.member_id) == [
        "looks like another name in the group"
    ]
    assert queries.alias_warnings(ring=ring, group_id=found.id, member_id=plain.member_id) == []


def test_reg1_one_person_in_two_groups_has_no_id_in_common():
    one, two = circle(level="low"), circle(level="low")
    same = factories.filled("Wren")
    factories.ask(one, same)
    other = factories.filled("Wren")
    factories.ask(two, other)
    first, second = Member.objects.order_by("group_id").values()
    for name in ("id", "key_lookup", "letterbox", "secret_id"):
        assert first[name] != second[name], name


def test_every_step_leaves_a_line_and_none_names_a_word():
    found = circle(level="high")
    waiting = applicant(found)
    call(found, waiting.id)
    vote(found, found.leader, waiting.id)
    verbs = {line.verb for line in ledger.queries.entries_about(waiting.id)}
    assert {"joining.application.enter", "joining.call.note", "joining.application.vote"} <= verbs


def test_a_flood_of_applications_ends_where_nobody_could_read_them(monkeypatch):
    found = circle()
    monkeypatch.setattr(applying, "MOST_WAITING", 2)
    applicant(found, "Wren")
    applicant(found, "Robin")

    with pytest.raises(Refused, match="Very many people"):
        applicant(found, "Lark")
    assert Application.objects.count() == Member.objects.count() == 2
