from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.areas.safeguards import rules
from circlekeeper.areas.safeguards.rules import Reason, Standing, Verdict

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
verdicts = st.sampled_from(Verdict)
modes = st.sampled_from(["off", "advise", "default", "required", "locked"])


@given(verdict=verdicts, age=st.integers(-600, 10_000), lasts=st.integers(0, 5_000))
def test_only_a_fresh_met_is_met(verdict: Verdict, age: int, lasts: int) -> None:
    checked_at = NOW - timedelta(seconds=age)
    judged = rules.judge(
        verdict,
        checked_at=checked_at,
        fresh_until=None,
        lasts_until=checked_at + timedelta(seconds=lasts),
        now=NOW,
    )
    assert (judged is Verdict.MET) == (verdict is Verdict.MET and -300 <= age <= lasts)


def test_an_answer_from_the_future_is_no_answer() -> None:
    later = NOW + timedelta(hours=1)
    judged = rules.judge(Verdict.MET, checked_at=later, fresh_until=None, lasts_until=later, now=NOW)
    assert judged is Verdict.UNKNOWN


def test_the_earlier_end_counts() -> None:
    judged = rules.judge(
        Verdict.MET,
        checked_at=NOW - timedelta(days=2),
        fresh_until=NOW - timedelta(days=1),
        lasts_until=NOW + timedelta(days=1),
        now=NOW,
    )
    assert judged is Verdict.STALE


@given(mode=modes, verdict=verdicts, closes=st.booleans())
def test_promise_5_whatever_is_required_and_not_met_blocks(mode: str, verdict: Verdict, closes: bool) -> None:
    blocks = rules.standing(mode=mode, verdict=verdict, closes_a_door=closes) is Standing.BLOCKING
    assert blocks == (mode in {"required", "locked"} and closes and verdict is not Verdict.MET)


@given(mode=modes)
def test_tec9_a_locked_control_stays_locked(mode: str) -> None:
    assert rules.effective_mode(mode="locked", waived=True) == "locked"
    assert rules.effective_mode(mode=mode, waived=False) == mode
    assert rules.effective_mode(mode="required", waived=True) == "default"


def test_tec9_what_an_overlay_asks_cannot_be_set_aside() -> None:
    assert rules.may_be_set_aside(level="low", own_mode="required", mode="required", waivable_at=["low"])
    assert not rules.may_be_set_aside(level="low", own_mode="default", mode="required", waivable_at=["low"])
    assert not rules.may_be_set_aside(level="high", own_mode="required", mode="required", waivable_at=["low"])
    assert not rules.may_be_set_aside(level="low", own_mode="locked", mode="locked", waivable_at=["low"])


CONSEQUENCES = (
    Reason("found", "high", None, "someone could be in danger"),
    Reason("family", "medium", None, "about others"),
    Reason("clinicians", "professional", "clinicians", "a professional leads"),
    Reason("funded", None, "funded-us", "award conditions"),
)
answers = st.dictionaries(
    st.sampled_from(["found", "family", "clinicians", "funded"]), st.sampled_from(["yes", "no", "dont-know", ""])
)


def test_why3_dont_know_and_silence_count_as_yes() -> None:
    no = {"found": "no", "family": "no", "clinicians": "no", "funded": "no"}
    assert rules.suggest(no, CONSEQUENCES).level == "low"
    assert rules.suggest(no | {"funded": "dont-know"}, CONSEQUENCES).overlays == {"funded-us"}
    assert rules.suggest({}, CONSEQUENCES) == rules.suggest(dict.fromkeys(no, "yes"), CONSEQUENCES)


def test_lvl0_a_mixed_group_takes_the_highest_level() -> None:
    mixed = rules.suggest({"found": "yes", "clinicians": "yes"}, CONSEQUENCES)
    assert mixed.level == "high"
    assert "clinicians" in mixed.overlays


@given(given_answers=answers, question=st.sampled_from(["found", "family", "clinicians", "funded"]))
def test_why3_a_yes_never_drops_an_overlay(given_answers: dict[str, str], question: str) -> None:
    before = rules.suggest(given_answers, CONSEQUENCES)
    after = rules.suggest({**given_answers, question: "yes"}, CONSEQUENCES)
    assert before.overlays <= after.overlays
