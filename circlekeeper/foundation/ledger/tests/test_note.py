"""Signed notes against notes that others published."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation.ledger import keys, note
from circlekeeper.foundation.ledger.tests import published

SEED = bytes(range(32))


def test_the_published_example_opens_and_signing_gives_the_same_bytes():
    key = note.read_key(published.PETER_KEY)

    assert note.open_note(published.PETER_NOTE, key) == published.PETER_TEXT
    seed = base64.b64decode(published.PETER_SEED)
    assert note.sign(published.PETER_TEXT, name="PeterNeumann", seed=seed) == published.PETER_NOTE
    assert key.text() == published.PETER_KEY


def test_a_checkpoint_of_a_public_log_opens():
    checkpoint = note.read_checkpoint(published.GO_SUM_NOTE, note.read_key(published.GO_SUM_KEY))

    assert (checkpoint.origin, checkpoint.size) == ("go.sum database tree", published.GO_SUM_SIZE)
    assert note.checkpoint_text(checkpoint) + "\n" in published.GO_SUM_NOTE


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, len(published.GO_SUM_NOTE) - 1), letter=st.characters(max_codepoint=0x2014))
def test_no_letter_of_a_signed_checkpoint_can_be_changed(place, letter):
    key = note.read_key(published.GO_SUM_KEY)
    spoilt = published.GO_SUM_NOTE[:place] + letter + published.GO_SUM_NOTE[place + 1 :]
    if spoilt == published.GO_SUM_NOTE:
        assert note.open_note(spoilt, key)
        return
    with pytest.raises(note.BadNote):
        note.open_note(spoilt, key)


def test_a_witness_may_sign_the_same_note():
    ours = note.sign("a line\n", name="a.example", seed=SEED)
    theirs = note.sign("a line\n", name="witness.example", seed=SEED[::-1])
    both = ours + theirs.partition("\n\n")[2]
    key = note.Key("a.example", public_of(ours_seed=SEED))

    assert note.open_note(both, key) == "a line\n"


def public_of(*, ours_seed):
    from nacl.signing import SigningKey

    return bytes(SigningKey(ours_seed).verify_key)


@pytest.mark.parametrize(
    "body",
    [
        "log\n1\n",
        "log\n01\nk9nFMBuXq8uk+9SQNxs/Vadri2XDkaoo96u4uMa0qE0=\n",
        "log\n-1\nk9nFMBuXq8uk+9SQNxs/Vadri2XDkaoo96u4uMa0qE0=\n",
        "log\n1\nk9nFMBuXq8uk+9SQNxs/Vadri2XDkaoo96u4uMa0qA==\n",
        "log\n1\nnot base64\n",
        "log\n\u0661\nk9nFMBuXq8uk+9SQNxs/Vadri2XDkaoo96u4uMa0qE0=\n",
        "log\n" + "9" * 5000 + "\nk9nFMBuXq8uk+9SQNxs/Vadri2XDkaoo96u4uMa0qE0=\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(body):
    signed = note.sign(body, name="log", seed=SEED)
    with pytest.raises(note.BadNote):
        note.read_checkpoint(signed, note.Key("log", public_of(ours_seed=SEED)))


@pytest.mark.parametrize("text", ["", "\n", "no newline", "a\x07bell\n"])
def test_texts_that_could_not_be_read_back_are_not_signed(text):
    with pytest.raises(note.BadNote):
        note.sign(text, name="log", seed=SEED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcmQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc",
        "PeterNeumann+c74f20a3+\u00e9",
    ],
)
def test_keys_that_are_not_keys_are_refused(text):
    with pytest.raises(note.BadNote):
        note.read_key(text)


def test_the_name_of_a_log_belongs_to_its_key_alone():
    one, other = keys.origin_of(b"1" * 32), keys.origin_of(b"2" * 32)

    assert one != other
    assert one.startswith("circlekeeper/")
    assert len(one) == len("circlekeeper/") + 26
