import logging
from types import ModuleType

import pytest

from circlekeeper.areas.safeguards import checks, registry
from circlekeeper.areas.safeguards.evidence import Finding, Question, Verdict
from circlekeeper.areas.safeguards.tests.factories import NOW, all_met, answering, connected
from circlekeeper.foundation import playbook
from circlekeeper.foundation.playbook import CheckKind

ASK = Question("g", NOW)


def test_every_check_that_a_function_may_answer_is_listed_until_one_does() -> None:
    with connected():
        missing = set(registry.unanswered())
        assert "policy-published/fact" in missing
        assert "level-decided/fact" not in missing
    with connected(all_met()):
        assert registry.unanswered() == []


def test_a_persons_question_is_never_listed_as_unanswered() -> None:
    attested = {
        f"{control.id}/{check.id}"
        for control in playbook.book().controls.values()
        for check in control.check
        if check.kind is CheckKind.ATTEST
    }
    with connected():
        assert attested.isdisjoint(registry.unanswered())


@pytest.mark.parametrize("control", ["no_such_control", "legal_review"])
def test_an_answer_to_nothing_or_to_a_persons_question_stops_start_up(control: str) -> None:
    with pytest.raises(registry.WrongAnswers), connected(answering(**{control: lambda ask: Finding.met("yes")})):
        pass


def test_two_answers_to_one_check_stop_start_up() -> None:
    module = answering(retention_set=lambda ask: Finding.met("yes"))
    with pytest.raises(registry.WrongAnswers, match="retention-set"):
        registry.install([checks, module])


def test_what_is_imported_into_a_module_is_not_counted_twice() -> None:
    other = ModuleType("other")
    other.copied = checks.every_period_has_an_answer  # type: ignore[attr-defined]
    with connected(other):
        assert ("retention-set", "fact") in registry.installed()


def test_promise_5_no_function_is_unknown() -> None:
    with connected():
        assert registry.ask("policy-published", "fact", ASK).verdict is Verdict.UNKNOWN


def test_promise_5_an_exception_is_unknown_and_its_text_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fails(ask: Question) -> Finding:
        raise RuntimeError("Wren lives at 7 Mill Lane")

    with connected(answering(policy_published=fails)), caplog.at_level(logging.DEBUG):
        assert registry.ask("policy-published", "fact", ASK).verdict is Verdict.UNKNOWN
    assert "policy-published" in caplog.text
    assert "Wren" not in caplog.text


def test_promise_5_an_answer_of_the_wrong_kind_is_unknown() -> None:
    with connected(answering(policy_published=lambda ask: True)):  # type: ignore[arg-type,return-value]
        assert registry.ask("policy-published", "fact", ASK).verdict is Verdict.UNKNOWN
