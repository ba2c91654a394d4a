from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import actions, events, queries
from circlekeeper.areas.safeguards.actions.waivers import Locked
from circlekeeper.areas.safeguards.models import Waiver
from circlekeeper.areas.safeguards.tests.factories import ALICE, BOB, NOW, PRIYA, connected, group
from circlekeeper.foundation import announce, guard, playbook
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.jobs import tables

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=20)


def announced(kind: type) -> int:
    return tables.events().filter(name=announce.name_of(kind)).count()


def test_lvl0_up_is_one_persons_choice_and_holds_at_once() -> None:
    made = group(level="low", state="open")
    fact = actions.set_level(by=ALICE, group_id=made, level="medium", overlays=(), reason="members", now=NOW)
    assert fact.in_force_at == NOW
    assert groups.group(made).level == "medium"
    assert announced(events.LevelRaised) == 1


def test_lvl0_an_overlay_more_holds_at_once() -> None:
    made = group(level="high", state="open")
    fact = actions.set_level(by=ALICE, group_id=made, level="high", overlays=["minors"], reason="members", now=NOW)
    assert not fact.lowers
    assert queries.settings_for(made).mode("two-adults-present").binds


@pytest.mark.parametrize(
    ("level", "overlays"), [("medium", ["survivors"]), ("high", []), ("low", []), ("professional", ["survivors"])]
)
def test_lvl0_anything_looser_waits_for_a_second_person(level: str, overlays: list[str]) -> None:
    made = group(level="high", overlays=["survivors"], state="open")
    fact = actions.set_level(by=ALICE, group_id=made, level=level, overlays=overlays, reason="members", now=NOW)
    assert fact.in_force_at is None
    assert groups.group(made).level == "high"
    assert groups.group(made).overlays == {"survivors"}
    waiting = queries.pending_level(made)
    assert waiting is not None
    assert waiting.id == fact.id


def test_lvl0_lowering_keeps_the_old_promises_until_members_were_asked() -> None:
    made = group(level="high", state="open")
    fact = actions.set_level(by=ALICE, group_id=made, level="medium", overlays=(), reason="members", now=NOW)
    actions.approve_level(by=PRIYA, decision_id=fact.id, now=LATER)

    assert groups.group(made).level == "medium"
    assert announced(events.LevelLowered) == 1
    assert queries.settings_for(made).mode("legal-review").binds
    assert str(queries.keep_for(made, "roster")) == "P30D"

    actions.settle_level(by="system", group_id=made, now=LATER)
    assert not queries.settings_for(made).mode("legal-review").binds
    assert str(queries.keep_for(made, "roster")) == "P6M"
    with pytest.raises(NotHere):
        actions.settle_level(by="system", group_id=made, now=LATER)


def test_lvl0_one_person_cannot_lower_alone_nor_two_without_a_privacy_lead() -> None:
    made = group(level="high", state="open")
    fact = actions.set_level(by=ALICE, group_id=made, level="low", overlays=(), reason="members", now=NOW)
    with pytest.raises(Refused, match="second person"):
        actions.approve_level(by=ALICE, decision_id=fact.id, now=NOW)
    with pytest.raises(Refused, match="privacy lead"):
        actions.approve_level(by=BOB, decision_id=fact.id, now=NOW)
    with pytest.raises(NotHere):
        actions.approve_level(by="stranger", decision_id=fact.id, now=NOW)
    assert groups.group(made).level == "high"


def test_lvl0_a_lowering_taken_back_can_no_longer_be_agreed_to() -> None:
    made = group(level="high", state="open")
    fact = actions.set_level(by=ALICE, group_id=made, level="low", overlays=(), reason="members", now=NOW)
    actions.drop_level(by=ALICE, decision_id=fact.id, now=NOW)
    with pytest.raises(NotHere):
        actions.approve_level(by=PRIYA, decision_id=fact.id, now=NOW)


def test_a_group_being_set_up_has_promised_nothing() -> None:
    made = group(level="high")
    actions.set_level(by=ALICE, group_id=made, level="low", overlays=(), reason="purpose", now=NOW)
    assert groups.group(made).level == "low"


@pytest.mark.parametrize(
    ("level", "overlays", "reason"),
    [("extreme", [], "members"), ("low", ["aliens"], "members"), ("low", [], "because")],
)
def test_unknown_words_are_refused(level: str, overlays: list[str], reason: str) -> None:
    with pytest.raises(Refused):
        actions.set_level(by=ALICE, group_id=group(), level=level, overlays=overlays, reason=reason, now=NOW)


def test_acc8_a_change_of_place_voids_the_advisers_stamp() -> None:
    made = group(level="high", state="open")
    actions.attest(by=ALICE, group_id=made, control="legal-review", check="word", proof="adviser", now=NOW)
    actions.attest(by=ALICE, group_id=made, control="playbook-known", check="word", proof="seen", now=NOW)
    with connected():
        assert _verdict(made, "legal-review") == "met"
        actions.set_level(by=ALICE, group_id=made, level="high", overlays=["uk"], reason="members", now=LATER)
        assert _verdict(made, "legal-review", LATER) == "unknown"
        assert _verdict(made, "playbook-known", LATER) == "met"


def test_a_word_needs_a_way_to_know_and_a_question_for_people() -> None:
    made = group(level="high")
    with pytest.raises(Refused):
        actions.attest(by=ALICE, group_id=made, control="legal-review", check="word", proof="seen", now=NOW)
    with pytest.raises(NotHere):
        actions.attest(by=ALICE, group_id=made, control="policy-published", check="fact", proof="seen", now=NOW)
    with pytest.raises(NotHere):
        actions.attest(by=ALICE, group_id="nobody", control="legal-review", check="word", proof="adviser", now=NOW)


def test_a_word_taken_back_does_not_fall_back_to_an_older_one() -> None:
    made = group(level="high")
    actions.attest(by=ALICE, group_id=made, control="legal-review", check="word", proof="adviser", now=NOW)
    second = actions.attest(
        by=BOB, group_id=made, control="legal-review", check="word", proof="adviser", now=LATER
    )
    actions.withdraw_attestation(by=BOB, attestation_id=second, now=LATER)
    with connected():
        assert _verdict(made, "legal-review", LATER) == "unknown"
    with pytest.raises(NotHere):
        actions.withdraw_attestation(by=BOB, attestation_id=second, now=LATER)


def test_tec9_a_locked_control_cannot_be_set_aside_and_the_attempt_is_known() -> None:
    made = group(level="high")
    with pytest.raises(Locked):
        _ask(made, "recording-off")
    assert announced(events.WeakeningRefused) == 1
    assert not Waiver.objects.exists()


@pytest.mark.parametrize("control", ["legal-review", "emergency-plan", "policy-published"])
def test_tec9_a_control_without_a_rule_for_exceptions_has_none(control: str) -> None:
    with pytest.raises(Locked):
        _ask(group(level="high"), control)


def test_tec9_an_exception_needs_two_people_and_ends_on_its_date() -> None:
    made = group(level="high")
    waiver = _ask(made, "drill-held")
    with connected():
        assert _standing(made, "drill-held") == "blocking"
        with pytest.raises(Refused, match="second person"):
            actions.approve_waiver(by=ALICE, waiver_id=waiver, now=NOW)
        with pytest.raises(Refused, match="privacy lead"):
            actions.approve_waiver(by=BOB, waiver_id=waiver, now=NOW)
        actions.approve_waiver(by=PRIYA, waiver_id=waiver, now=NOW)
        assert _standing(made, "drill-held") == "todo"
        assert [shown.control for shown in queries.waivers_shown(made, NOW)] == ["drill-held"]

        over = NOW + timedelta(days=29)
        assert _standing(made, "drill-held", over) == "blocking"
        assert queries.waivers_shown(made, over) == []
        assert _verdict(made, "waivers-in-date", over) == "not_met"
        actions.end_waiver(by=BOB, waiver_id=waiver, now=over)
        assert _verdict(made, "waivers-in-date", over) == "met"


def test_tec9_an_exception_cannot_outlast_its_limit_or_be_granted_late() -> None:
    made = group(level="high")
    for days in (0, -1, 31):
        with pytest.raises(Refused):
            _ask(made, "drill-held", days=days)
    waiver = _ask(made, "drill-held")
    with pytest.raises(Refused, match="passed"):
        actions.approve_waiver(by=PRIYA, waiver_id=waiver, now=NOW + timedelta(days=28))


def test_tec9_an_exception_ends_with_the_level_that_allowed_it() -> None:
    made = group(level="medium", state="open")
    waiver = _ask(made, "facilitators-trained")
    actions.approve_waiver(by=PRIYA, waiver_id=waiver, now=NOW)
    with connected():
        assert _standing(made, "facilitators-trained") == "todo"
        actions.set_level(by=ALICE, group_id=made, level="high", overlays=(), reason="caution", now=NOW)
        assert _standing(made, "facilitators-trained") == "blocking"


def test_tec9_what_an_overlay_asks_cannot_be_set_aside() -> None:
    made = group(level="professional", overlays=["us-washington"])
    with pytest.raises(Locked):
        _ask(made, "legal-review")


def test_tec9_what_is_not_required_need_not_be_set_aside() -> None:
    with pytest.raises(Refused, match="not required"):
        _ask(group(level="low"), "pledge-signed")


def test_the_database_refuses_one_person_as_two() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), guard.outside_action("test"):
        Waiver.objects.create(
            group_id="g",
            control="drill-held",
            reason="adviser",
            asked_by=ALICE,
            asked_at=NOW,
            expires_at=LATER,
            approved_by=ALICE,
            approved_at=NOW,
        )


def test_nothing_is_written_outside_an_action() -> None:
    with pytest.raises(guard.UnguardedWrite):
        Waiver.objects.create(
            group_id="g", control="drill-held", reason="adviser", asked_by=ALICE, asked_at=NOW, expires_at=LATER
        )


def test_ret2_thirteen_months_are_refused_and_twelve_are_not() -> None:
    made = group(level="medium")
    with pytest.raises(Refused, match="longer"):
        _keep(made, "P13M")
    _keep(made, "P12M")
    assert str(queries.keep_for(made, "roster")) == "P12M"


def test_ret3_a_level_raised_later_cuts_a_period_chosen_before() -> None:
    made = group(level="medium")
    _keep(made, "P12M")
    actions.set_level(by=ALICE, group_id=made, level="high", overlays=(), reason="caution", now=LATER)
    assert str(queries.keep_for(made, "roster")) == "P30D"


@pytest.mark.parametrize("keep", ["", "soon", "PT5H", "P0D"])
def test_a_period_is_whole_days(keep: str) -> None:
    with pytest.raises(Refused):
        _keep(group(level="medium"), keep)


def test_ret4_a_professional_group_waits_for_its_adviser() -> None:
    made = group(level="professional")
    with connected():
        assert _verdict(made, "retention-set") == "not_met"
        with pytest.raises(Refused):
            _keep(made, "P7Y")
        for record in queries.unset_periods(made):
            _keep(made, "P7Y", record=record, answered_by="adviser")
        assert _verdict(made, "retention-set") == "met"
    assert str(queries.keep_for(made, "roster")) == "P7Y"


def test_ret4_until_then_the_shortest_period_there_is_counts() -> None:
    strictest = playbook.book().strictest().retention["roster"].keep
    assert queries.keep_for(group(level="professional"), "roster") == strictest


def _ask(made: str, control: str, days: int = 28) -> str:
    return actions.ask_waiver(
        by=ALICE, group_id=made, control=control, reason="being-fixed", until=NOW + timedelta(days=days), now=NOW
    )


def _keep(made: str, keep: str, record: str = "roster", answered_by: str = "group") -> None:
    actions.set_period(by=ALICE, group_id=made, record=record, keep=keep, answered_by=answered_by, now=NOW)


def _worst(made: str, control: str, now: datetime = NOW) -> queries.CheckFinding:
    found = {each.control: each.worst for each in queries.posture(made, now).findings}
    return found[control]


def _verdict(made: str, control: str, now: datetime = NOW) -> str:
    return _worst(made, control, now).verdict.value


def _standing(made: str, control: str, now: datetime = NOW) -> str:
    return _worst(made, control, now).standing.value
