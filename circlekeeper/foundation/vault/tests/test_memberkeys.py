"""A member's key in both its forms, however it is typed; a slip says nothing about what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.foundation.vault import memberkeys, words
from circlekeeper.foundation.vault.memberkeys import NotAMemberKey

raws = st.binary(min_size=16, max_size=16)
# What people's devices make of a dash or a space, among them a non-breaking space and an en dash.
gaps = st.sampled_from([" ", "  ", "-", " - ", "\u00a0", "\u2013", "\n", ", ", "\u2011"])


def test_a_new_key_has_128_bits_in_three_forms_that_agree():
    made = memberkeys.new_member_key()

    assert len(made.raw) == 16
    assert len(made.words.split()) == 12
    assert len(made.letters.replace("-", "")) == 26
    assert memberkeys.parse_member_key(made.words) == memberkeys.parse_member_key(made.letters) == made.raw
    assert memberkeys.new_member_key().raw != made.raw


@given(raw=raws, gap=gaps, shout=st.booleans())
def test_words_are_read_in_any_case_with_any_gaps(raw, gap, shout):
    typed = gap.join(words.as_words(raw).split())

    assert memberkeys.parse_member_key(f"  {typed.upper() if shout else typed} ") == raw


@given(raw=raws, gap=gaps, shout=st.booleans())
def test_letters_are_read_in_any_case_with_any_gaps(raw, gap, shout):
    typed = gap.join(words.as_letters(raw).split("-"))

    assert memberkeys.parse_member_key(typed.upper() if shout else typed) == raw


def test_words_copied_with_their_numbers_are_read():
    made = memberkeys.new_member_key()
    typed = "\n".join(f"{number}. {word}" for number, word in enumerate(made.words.split(), 1))

    assert memberkeys.parse_member_key(typed) == made.raw


def test_a_zero_or_an_eight_is_the_letter_that_looks_like_it():
    raw = words.parse("ob" * 12 + "oa")

    assert memberkeys.parse_member_key("08" * 12 + "0a") == raw


def test_a_wrong_word_is_noticed_and_not_repeated():
    slips, said = 0, set()
    for _ in range(64):
        typed = memberkeys.new_member_key().words.split()
        typed[3] = "zebra" if typed[3] != "zebra" else "zero"
        try:
            memberkeys.parse_member_key(" ".join(typed))
            slips += 1
        except NotAMemberKey as fault:
            said |= {str(fault), str(fault.__cause__)}
    # The checksum of twelve words has four bits: one wrong word in sixteen is another valid key.
    assert slips < 20
    assert said == {"", "None"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wren",
        "zebra " * 11,
        "notaword " * 12,
        "a" * 25,
        "a" * 27,
        "1" * 26,
        "z" * 26,  # more bits than sixteen bytes: not a key's own spelling
        "é" * 26,
        "abandon " * 5000,
        "\0" * 26,
    ],
)
def test_anything_else_is_not_a_key(text):
    with pytest.raises(NotAMemberKey):
        memberkeys.parse_member_key(text)


def test_the_lookup_is_the_servers_own_and_says_nothing():
    made = memberkeys.new_member_key()

    assert memberkeys.lookup(made.raw) == memberkeys.lookup(made.raw)
    assert memberkeys.lookup(made.raw) != memberkeys.lookup(memberkeys.new_member_key().raw)
    assert made.raw not in memberkeys.lookup(made.raw)


def test_secrets_do_not_show_where_an_object_is_printed():
    made = memberkeys.new_member_key()

    assert made.words not in repr(made)
    assert made.letters not in repr(made)
    assert repr(made.raw) not in repr(made)
