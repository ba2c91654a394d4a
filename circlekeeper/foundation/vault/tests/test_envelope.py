"""What is sealed opens in its own place, with its own key, unchanged, and nowhere else."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.foundation.vault import envelope
from circlekeeper.foundation.vault.envelope import Place, SealBroken

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PLACE = Place("roster_compartment", "m1", "contact", "g1")

keys = st.binary(min_size=32, max_size=32)
words = st.text(max_size=12)
places = st.builds(Place, words, words, words, words, st.integers(0, 2**31))


@given(key=keys, plain=st.binary(max_size=5000), place=places)
def test_what_is_sealed_opens(key, plain, place):
    assert envelope.unseal(key, envelope.seal(key, plain, place), place) == plain


@given(fields=st.dictionaries(words, st.text(max_size=40) | st.integers() | st.none() | st.lists(words)))
def test_a_dict_comes_back_as_it_was(fields):
    assert envelope.unseal_json(KEY, envelope.seal_json(KEY, fields, PLACE), PLACE) == fields


@given(one=places, other=places)
def test_no_two_places_look_alike(one, other):
    assert (one.aad() == other.aad()) == (one == other)


def test_parts_of_a_place_cannot_be_shifted_into_each_other():
    assert Place("ab", "c", "d", "e").aad() != Place("a", "bc", "d", "e").aad()
    assert Place("a", "b", "", "cd").aad() != Place("a", "b", "c", "d").aad()


@pytest.mark.parametrize("part", [field.name for field in fields(Place)])
def test_dat1_a_blob_moved_to_another_row_field_group_or_key_version_does_not_open(part):
    blob = envelope.seal(KEY, b"Wren", PLACE)
    changed: dict[str, Any] = {part: 2 if part == "version" else "elsewhere"}
    moved = replace(PLACE, **changed)

    with pytest.raises(SealBroken):
        envelope.unseal(KEY, blob, moved)
    assert envelope.unseal(KEY, blob, PLACE) == b"Wren"


def test_any_one_flipped_bit_breaks_the_seal():
    blob = envelope.seal(KEY, b"Wren", PLACE)
    for at in range(len(blob) * 8):
        changed = bytearray(blob)
        changed[at // 8] ^= 1 << (at % 8)
        with pytest.raises(SealBroken):
            envelope.unseal(KEY, bytes(changed), PLACE)


def test_any_shorter_or_longer_blob_is_broken_and_nothing_else_is_raised():
    blob = envelope.seal(KEY, b"Wren", PLACE)
    for length in range(len(blob)):
        with pytest.raises(SealBroken):
            envelope.unseal(KEY, blob[:length], PLACE)
    with pytest.raises(SealBroken):
        envelope.unseal(KEY, blob + b"\0", PLACE)


def test_another_key_is_told_by_its_id_alone():
    blob = envelope.seal(KEY, b"Wren", PLACE)

    assert envelope.sealed_under(blob) == envelope.key_id(KEY) != envelope.key_id(OTHER_KEY)
    with pytest.raises(SealBroken):
        envelope.unseal(OTHER_KEY, blob, PLACE)


def test_the_same_text_never_looks_the_same_twice():
    assert len({envelope.seal(KEY, b"Wren", PLACE) for _ in range(50)}) == 50


def test_a_database_may_hand_out_a_memory_view():
    assert envelope.unseal(KEY, memoryview(envelope.seal(KEY, b"Wren", PLACE)), PLACE) == b"Wren"


@given(length=st.integers(0, 60))
def test_short_texts_all_have_one_size(length):
    assert len(envelope.seal(KEY, b"x" * length, PLACE)) == len(envelope.seal(KEY, b"", PLACE))


@given(plain=st.binary(max_size=20_000))
def test_padding_comes_off_again_and_sizes_are_few(plain):
    padded = envelope.pad(plain)

    assert envelope.unpad(padded) == plain
    assert len(padded) % 64 == 0
    assert len(plain) + 4 <= len(padded) <= max(64, (len(plain) + 4) * 1.25 + 64)


def test_a_size_bucket_says_little():
    sizes = {len(envelope.pad(b"x" * length)) for length in range(10_000)}

    assert len(sizes) < 60


def test_a_length_that_lies_is_broken():
    with pytest.raises(SealBroken):
        envelope.unpad(b"\xff\xff\xff\xff" + b"x" * 60)
