"""The rule of everybody's yes, over every order in which people come, go, answer and think again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.ballots import rules
from circlekeeper.areas.ballots.rules import Round, Standing

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
PEOPLE = "abcde"
acts = st.lists(
    st.tuples(st.sampled_from(("come", "go", "yes", "no", "wait")), st.sampled_from(PEOPLE)), max_size=40
)


@settings(max_examples=150, deadline=None)
@given(acts)
def test_faq1a_it_is_on_only_while_everyone_inside_has_a_yes_that_counts(sequence):
    inside, now = {"a", "b", "c"}, NOW
    found, live, was_over = Round(NOW, frozenset(inside)), dict.fromkeys(inside, False), False
    for act, who in sequence:
        if act == "come":
            inside.add(who)
        elif act == "go":
            inside.discard(who)
        elif act == "wait":
            now += timedelta(minutes=2)
        elif who in inside:
            live[who] = act == "yes"
            found = rules.say(found, who, yes=act == "yes", inside=inside, now=now)
        stands = rules.standing(found, inside, now)
        if stands is Standing.ALLOWED:
            assert len(inside) >= rules.LEAST
            assert all(live.get(each) for each in inside)
            assert not was_over, "what was refused is never allowed, whoever leaves"
        was_over = was_over or stands is Standing.OVER


def said(found: Round, inside: str, **answers: bool) -> Round:
    for who, yes in answers.items():
        found = rules.say(found, who, yes=yes, inside=set(inside), now=NOW)
    return found


def test_faq1a_a_no_is_told_only_when_all_have_answered():
    found = said(Round(NOW, frozenset("abc")), "abc", a=False)
    assert rules.standing(found, set("abc"), NOW) is Standing.ASKING
    found = said(found, "abc", b=True, c=True)
    assert rules.standing(found, set("abc"), NOW) is Standing.OVER


def test_faq1a_whoever_refused_and_left_is_not_passed_over():
    found = said(Round(NOW, frozenset("abcd")), "abcd", a=False, b=True, c=True)
    found = said(found, "bcd", d=True)
    assert rules.standing(found, set("bcd"), NOW) is Standing.OVER


def test_faq1a_a_tenth_person_pauses_and_everyone_is_asked_again():
    nine, ten = "abcdefghi", "abcdefghij"
    found = said(Round(NOW, frozenset(nine)), nine, **dict.fromkeys(nine, True))
    assert rules.standing(found, set(nine), NOW) is Standing.ALLOWED
    assert rules.standing(found, set(ten), NOW) is Standing.ASKING
    assert all(rules.may_answer(found, each, set(ten), NOW) for each in ten)
    again = said(found, ten, j=False)
    assert rules.standing(again, set(ten), NOW) is Standing.ASKING, "not told yet, or all would know whose it was"
    assert rules.standing(said(again, ten, **dict.fromkeys(nine, True)), set(ten), NOW) is Standing.OVER
    yes = said(found, ten, **dict.fromkeys(ten, True))
    assert rules.standing(yes, set(ten), NOW) is Standing.ALLOWED


def test_faq1a_a_yes_taken_back_ends_it_at_once_and_silence_is_a_no():
    found = said(Round(NOW, frozenset("abc")), "abc", a=True, b=True, c=True)
    assert rules.standing(said(found, "abc", b=False), set("abc"), NOW) is Standing.OVER
    silent = said(Round(NOW, frozenset("abc")), "abc", a=True, b=True)
    assert rules.standing(silent, set("abc"), NOW + rules.ANSWER_WITHIN) is Standing.OVER
    late = rules.say(silent, "c", yes=True, inside=set("abc"), now=NOW + rules.ANSWER_WITHIN)
    assert rules.standing(late, set("abc"), NOW) is Standing.ASKING
