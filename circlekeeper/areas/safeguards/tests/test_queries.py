from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.groups.models import Group
from circlekeeper.areas.safeguards import actions, queries
from circlekeeper.areas.safeguards.commands import posture_json
from circlekeeper.areas.safeguards.evidence import Evidence, Finding, Question
from circlekeeper.areas.safeguards.tests.factories import (
    ALICE,
    NOW,
    all_met,
    answering,
    attest_everything,
    connected,
    group,
)
from circlekeeper.foundation import guard, playbook
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.playbook import Mode

pytestmark = [pytest.mark.django_db, pytest.mark.urls("circlekeeper.areas.safeguards.tests.addresses")]


@dataclass(frozen=True)
class Someone:
    """As much of a signed-in person as Today needs."""

    id: str
    may: bool

    def can(self, permission: Permission, group_id: str) -> bool:
        return self.may


@pytest.fixture
def ready() -> Iterator[str]:
    """A survivors' group at level high for which everything has been done."""
    made = group(level="high", overlays=["survivors", "crisis-risk", "eu"])
    attest_everything(made)
    with connected(all_met()):
        yield made


def test_a_survivors_group_at_high_opens_when_everything_is_met_or_attested(ready: str) -> None:
    found = queries.posture(ready, NOW)
    assert (found.blocking, found.todo, found.stale) == (0, 0, 0)
    assert found.may_open
    assert found.next_step is None
    assert queries.closed_gate(group_id=ready, gate="open", now=NOW) == ""
    actions.open_group(by=ALICE, group_id=ready, now=NOW)
    assert groups.group(ready).is_open
    assert queries.closed_gate(group_id=ready, gate="start", now=NOW) == ""


@pytest.mark.parametrize(
    "control",
    ["alias-by-default", "vetting-decided", "emergency-plan", "legal-review", "drill-held", "escalation-tree"],
)
def test_hi1_each_demand_taken_away_keeps_the_group_closed(control: str) -> None:
    made = group(level="high", overlays=["survivors"])
    attest_everything(made, leave_out=[control])
    with connected(all_met(except_for=[control])), pytest.raises(actions.NotYet) as refused:
        actions.open_group(by=ALICE, group_id=made, now=NOW)
    assert [finding.control for finding in refused.value.findings] == [control]
    assert refused.value.findings[0].title in refused.value.sentence
    assert not groups.group(made).is_open


def test_low1_a_low_group_without_norms_stays_closed() -> None:
    made = group(level="low")
    attest_everything(made)
    missing = answering(norms_fixed_three=lambda ask: Finding.not_met("no norms"))
    with (
        connected(all_met(except_for=["norms-fixed-three"]), missing),
        pytest.raises(actions.NotYet, match="norms"),
    ):
        actions.open_group(by=ALICE, group_id=made, now=NOW)


@pytest.mark.parametrize(
    "answer",
    [
        Finding.not_met("no"),
        Finding.unknown("cannot tell"),
        Finding.met("yes", checked_at=NOW - timedelta(hours=3)),
        Finding.met("yes", checked_at=NOW + timedelta(hours=3)),
        Finding.met("yes", fresh_until=NOW - timedelta(seconds=1)),
    ],
)
def test_promise_5_failing_unknown_or_stale_keeps_the_meeting_closed(ready: str, answer: Finding) -> None:
    actions.open_group(by=ALICE, group_id=ready, now=NOW)
    module = answering(recording_off=lambda ask: answer)
    with connected(all_met(except_for=["recording-off"]), module):
        closed = [check.control for check in queries.gate(ready, "start", NOW, "m") if check.blocking]
        assert closed == ["recording-off"]
        assert "Recording" in queries.closed_gate(group_id=ready, gate="start", now=NOW, meeting_id="m")
        assert queries.posture(ready, NOW).blocking == 1


def test_promise_5_a_later_door_needs_the_earlier_ones(ready: str) -> None:
    actions.open_group(by=ALICE, group_id=ready, now=NOW)
    later = NOW + timedelta(days=200)
    stale = [check.control for check in queries.gate(ready, "start", later) if check.blocking]
    assert "emergency-plan" in stale
    assert queries.closed_gate(group_id=ready, gate="start", now=later).startswith(f"{len(stale)} things")


def test_the_meeting_asked_about_reaches_the_check(ready: str) -> None:
    asked: list[str | None] = []

    def look(ask: Question) -> Finding:
        asked.append(ask.meeting_id)
        return Finding.met("yes", evidence=Evidence.READ_BACK)

    with connected(all_met(except_for=["recording-off"]), answering(recording_off=look)):
        queries.gate(ready, "start", NOW, "m1")
    assert asked == ["m1"]


def test_nothing_connected_keeps_every_door_closed() -> None:
    made = group(level="low")
    attest_everything(made)
    with connected():
        found = queries.posture(made, NOW)
        assert not found.may_open
        assert 0 < found.before_opening < found.blocking
        assert queries.closed_gate(group_id=made, gate="open", now=NOW)


def test_a_closed_group_has_no_later_doors() -> None:
    made = group(level="low")
    with connected():
        assert queries.closed_gate(group_id=made, gate="start", now=NOW) == "The group is not open yet."
        with pytest.raises(ValueError, match="tuple"):
            queries.gate(made, "side-door", NOW)


def test_low2_a_persons_word_runs_out() -> None:
    made = group(level="low")
    actions.attest(by=ALICE, group_id=made, control="meeting-password", check="word", proof="tested", now=NOW)
    with connected():
        before = _word(made, "meeting-password", 180)
        after = _word(made, "meeting-password", 190)
    assert (before.verdict, before.evidence) == ("met", Evidence.ATTESTED)
    assert after.verdict == "stale"
    assert after.blocking


def test_tip1_a_group_whose_level_cannot_be_read_acts_as_the_strictest() -> None:
    made = group(level="low")
    with guard.outside_action("test"):
        Group.objects.filter(pk=made).update(overlays=["from-another-version"])
    answer = queries.settings_for(made)
    assert answer == playbook.book().strictest()
    assert answer.mode("recording-off") is Mode.LOCKED


def test_why3_funding_brings_its_rules() -> None:
    made = group(level="low", overlays=["funded-us"])
    assert queries.settings_for(made).mode("release-rules").binds
    assert "us-doj-award" in {c.id for c in playbook.book().clocks.values() if c.overlay == "funded-us"}


def test_acc6_minors_tighten_a_low_group() -> None:
    made = group(level="low", overlays=["minors"])
    answer = queries.settings_for(made)
    assert answer.value("private-chat") == "off"
    assert answer.mode("facilitators-trained").binds
    assert str(queries.keep_for(made, "roster")) == "P30D"


def test_tec12_the_cap_of_people_with_all_powers() -> None:
    assert queries.admin_cap(group(level="high")) == 3


def test_ret1_leaving_on_30_november_is_due_on_28_february() -> None:
    assert queries.due_on(group_id=group(level="low"), record="roster", start=date(2026, 11, 30)) == date(
        2027, 2, 28
    )


def test_a_record_class_nobody_knows_is_an_error_not_a_guess() -> None:
    with pytest.raises(KeyError):
        queries.due_on(group_id=group(), record="gossip", start=date(2026, 11, 30))


def test_many_groups_cost_the_same_two_questions_about_words_and_waivers() -> None:
    made = [group(level="high") for _ in range(4)]
    with connected(all_met()):
        with CaptureQueriesContext(connection) as one:
            queries.postures(made[:1], NOW)
        with CaptureQueriesContext(connection) as four:
            queries.postures(made, NOW)
    for table in ("safeguards_attestation", "safeguards_waiver"):
        asked = sum(f'FROM "{table}"' in query["sql"] for query in four.captured_queries)
        assert asked <= sum(f'FROM "{table}"' in query["sql"] for query in one.captured_queries) + 3


def test_the_json_of_the_contract() -> None:
    made = group(level="medium")
    with connected():
        found = posture_json(made, NOW)
        everyone = posture_json(None, NOW)
    assert everyone == found
    assert set(found[0]) == {"group", "level", "blocking", "todo", "stale", "findings"}
    assert all(set(each) == {"control", "mode", "verdict", "evidence", "detail"} for each in found[0]["findings"])
    blocking = [
        each
        for each in found[0]["findings"]
        if each["mode"] in {"required", "locked"} and each["verdict"] != "met"
    ]
    assert found[0]["blocking"] == len(blocking) > 0
    with pytest.raises(NotHere):
        posture_json("nobody", NOW)


def test_todo_shows_the_next_step_of_each_group_one_answers_for() -> None:
    made = group(level="medium")
    with connected():
        step = queries.posture(made, NOW).next_step
        (todo,) = queries.todo(Someone(ALICE, may=True), NOW)
        assert queries.todo(Someone(ALICE, may=False), NOW) == []
    assert step is not None
    assert todo.title == step.title
    assert made in todo.url


def _word(made: str, control: str, days: int) -> queries.CheckFinding:
    found = queries.posture(made, NOW + timedelta(days=days)).findings
    return next(each for one in found for each in one.checks if (each.control, each.check) == (control, "word"))
