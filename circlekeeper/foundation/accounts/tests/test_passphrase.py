"""TEC10: long, hard to guess, unknown; nothing is asked of the letters; what to do is said."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation.accounts import hasher, passphrase
from circlekeeper.foundation.accounts.models import Person


@pytest.fixture(autouse=True)
def no_groups(monkeypatch):
    monkeypatch.setattr(passphrase, "_finders", [])


def refusal(text, *, words=(), handle="wren"):
    with pytest.raises(ValidationError) as refused:
        passphrase.PassphraseValidator(words).validate(text, Person(handle=handle))
    return refused.value.messages[0]


@pytest.mark.parametrize(
    "text",
    [
        "violet kettle harbour nineteen",
        "drei müde störche im regen",
        "гора чайник восемь тополь",
        "correcthorse battery staple",
    ],
)
def test_tec10_words_are_enough_no_digit_or_sign_is_demanded(text):
    passphrase.PassphraseValidator().validate(text, Person(handle="wren"))


def test_tec10_short_is_refused_and_says_what_to_do():
    assert "at least 12 letters" in refusal("k8$fQz!")


@pytest.mark.parametrize(
    "text", ["123456789012", "passwordpassword", "qwertyuiop123", "aaaaaaaaaaaaaaaa", "abcdefghijkl"]
)
def test_tec10_known_and_easy_ones_are_refused_offline(text):
    assert refusal(text)


def test_tec10_a_known_breached_one_is_named_as_such():
    assert "Many people use this one" in refusal("pe#5gz29ptzmse")


def test_tec10_the_name_of_the_group_or_ones_own_makes_no_passphrase():
    assert "easy to guess" in refusal("willowgarden2026", words=["willowgarden"])
    assert "easy to guess" in refusal("nightingale77!", handle="nightingale")


def test_tec10_the_names_of_groups_here_are_known():
    passphrase.install(lambda: ["Willow Garden Evening"])
    assert "easy to guess" in refusal("willowgarden2026")
    assert "easy to guess" in refusal("Willow Garden!")


def test_a_very_long_one_is_judged_quickly():
    refusal("a" * 100_000)
    passphrase.PassphraseValidator().validate("violet kettle harbour nineteen " * 6, Person(handle="wren"))


def test_one_derivation_gives_two_unrelated_halves():
    made = hasher.split("violet kettle harbour nineteen")
    algorithm, cost, salt, verifier = made.stored.split("$")

    assert (algorithm, cost) == ("ck1", "m=64,t=1,p=1")
    assert made.kek not in hasher._raw(verifier)
    assert len(made.kek) == 32
    assert hasher.opened("violet kettle harbour nineteen", made.stored) == made.kek
    assert hasher.opened("violet kettle harbour ninety", made.stored) is None
    assert hasher.opened("anything", "!unusable") is None


@given(st.text(min_size=1, max_size=40).filter(lambda text: "\x00" not in text))
@settings(max_examples=15, deadline=None)
def test_whatever_is_typed_opens_what_it_made(text):
    made = hasher.split(text)
    assert hasher.opened(text, made.stored) == made.kek
    assert hasher.opened(text + "x", made.stored) is None


def test_every_keyboard_writes_the_same_letter():
    made = hasher.split("caf\u00e9 violet kettle")
    assert hasher.opened("cafe\u0301 violet kettle", made.stored) == made.kek
