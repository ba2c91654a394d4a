from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation import playbook
from circlekeeper.foundation.playbook import Level, Mode, SetBy, merge
from circlekeeper.foundation.playbook.durations import parse_duration
from circlekeeper.foundation.playbook.words import LADDER

names = st.sampled_from(["a", "b", "c"])
spans = st.none() | st.sampled_from(["P1D", "P30D", "P1M", "P3M", "P90D", "P12M", "P1Y"]).map(parse_duration)
ranked = st.integers(-5, 5).map(lambda number: merge.Ranked(float(number), number))


@st.composite
def rules(draw: st.DrawFn) -> merge.KeepRule:
    keep, limit = draw(spans), draw(spans)
    return merge.KeepRule(
        keep=merge.shorter(keep, limit) if keep else None,
        limit=limit,
        longer_with_consent=draw(st.booleans()),
        set_by=draw(st.frozensets(st.sampled_from(SetBy))),
    )


answers = st.builds(
    merge.Answer,
    modes=st.dictionaries(names, st.sampled_from(Mode)),
    settings=st.dictionaries(names, ranked),
    retention=st.dictionaries(names, rules()),
)
levels = st.sampled_from(Level)
overlays = st.frozensets(st.sampled_from(sorted(playbook.book().overlays)))


@given(one=answers, other=answers)
def test_merging_is_commutative(one: merge.Answer, other: merge.Answer) -> None:
    assert merge.join(one, other) == merge.join(other, one)


@given(one=answers)
def test_merging_is_idempotent(one: merge.Answer) -> None:
    assert merge.join(one, one) == one


@given(one=answers, two=answers, three=answers)
def test_merging_is_associative(one: merge.Answer, two: merge.Answer, three: merge.Answer) -> None:
    assert merge.join(merge.join(one, two), three) == merge.join(one, merge.join(two, three))


@given(one=answers, other=answers)
def test_merging_is_monotone(one: merge.Answer, other: merge.Answer) -> None:
    assert merge.weakened(before=one, after=merge.join(one, other)) == ()


@settings(max_examples=60)
@given(level=levels, chosen=overlays, more=overlays)
def test_an_overlay_never_loosens(level: Level, chosen: frozenset[str], more: frozenset[str]) -> None:
    book = playbook.book()
    assert merge.weakened(before=book.answer(level, chosen), after=book.answer(level, chosen | more)) == ()


@settings(max_examples=40)
@given(chosen=overlays)
def test_a_riskier_level_never_needs_less(chosen: frozenset[str]) -> None:
    book = playbook.book()
    for calmer, riskier in zip(LADDER, LADDER[1:], strict=False):
        before, after = book.answer(calmer, chosen), book.answer(riskier, chosen)
        assert merge.loosened(before=before, after=after) == ()


@given(level=levels, chosen=overlays)
def test_tip1_the_strictest_answer_is_as_strict_as_any(level: Level, chosen: frozenset[str]) -> None:
    book = playbook.book()
    assert merge.weakened(before=book.answer(level, chosen), after=book.strictest()) == ()


def test_tip1_an_unknown_control_is_locked() -> None:
    assert merge.Answer().mode("never-heard-of") is Mode.LOCKED


def test_weakening_is_noticed_in_each_part() -> None:
    book = playbook.book()
    found = merge.weakened(before=book.answer(Level.HIGH), after=book.answer(Level.MEDIUM))
    assert {"legal-review", "deciders", "roster"} <= set(found)
