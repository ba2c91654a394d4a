"""Proofs for one entry, and the commands."""

import base64
import json
import os
import subprocess
import sys
from argparse import Namespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger import commands, keys, note, offline
from circlekeeper.foundation.ledger.tests.conftest import NOW, fence_down

pytestmark = pytest.mark.django_db


def test_every_entry_can_be_proved_after_a_checkpoint(log):
    log(11)
    ledger.make_checkpoint(NOW)
    for number in range(11):
        proof = json.loads(json.dumps(ledger.prove(number)))
        holds, sentence = ledger.check_proof(proof)
        assert holds, sentence
        assert f"Entry {number} stands in the log {keys.key().name}" in sentence
        assert len(proof["hashes"]) <= 4


def test_an_entry_newer_than_the_checkpoint_waits_or_is_signed_now(log):
    log(3)
    ledger.make_checkpoint(NOW)
    log(1)
    with pytest.raises(ledger.NotSignedYet):
        ledger.prove(3)

    assert ledger.check_proof(ledger.proof_document(3, now=NOW))[0]
    with pytest.raises(NotHere):
        ledger.proof_document(4, now=NOW)


def test_a_damaged_log_gives_no_proof(log):
    log(8)
    ledger.make_checkpoint(NOW)
    with fence_down() as cursor:
        cursor.execute("UPDATE ledger_entry SET leaf_hash = leaf WHERE seq = 2")

    with pytest.raises(ledger.LogDamaged, match="Entry 5 cannot be proved"):
        ledger.prove(5)


@pytest.fixture
def proof(log):
    log(8)
    ledger.make_checkpoint(NOW)
    return ledger.prove(5)


def forged_key(doc):
    seed = b"f" * 32
    from nacl.signing import SigningKey

    public = bytes(SigningKey(seed).verify_key)
    name = keys.origin_of(public)
    said = note.read_checkpoint(doc["checkpoint"], note.read_key(doc["public_key"]))
    text = note.checkpoint_text(note.Checkpoint(name, said.size, said.root))
    return {"checkpoint": note.sign(text, name=name, seed=seed), "public_key": note.Key(name, public).text()}


def test_a_proof_signed_by_someone_else_shows_another_name(proof):
    holds, sentence = ledger.check_proof(proof | forged_key(proof))

    assert holds
    assert keys.key().name not in sentence


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda doc: {"index": 4}, "another number"),
        (lambda doc: {"index": True}, "another number"),
        (lambda doc: {"leaf": doc["leaf"].replace("person-1", "person-2")}, "not in the log this way"),
        (lambda doc: {"hashes": doc["hashes"][:-1]}, "not in the log this way"),
        (lambda doc: {"hashes": [doc["hashes"][0], *doc["hashes"]]}, "not in the log this way"),
        (lambda doc: {"hashes": doc["hashes"][::-1]}, "not in the log this way"),
        (lambda doc: {"hashes": ["x"]}, "damaged"),
        (lambda doc: {"hashes": None}, "damaged"),
        (lambda doc: {"checkpoint": doc["checkpoint"].replace("\n8\n", "\n9\n")}, "checkpoint in the proof"),
        (lambda doc: {"checkpoint": ""}, "checkpoint in the proof"),
        (lambda doc: {"checkpoint": forged_key(doc)["checkpoint"]}, "checkpoint in the proof"),
        (lambda doc: {"public_key": forged_key(doc)["public_key"]}, "checkpoint in the proof"),
        (lambda doc: {"public_key": note.Key("another", b"k" * 32).text()}, "name of the log"),
        (lambda doc: {"public_key": 3}, "damaged"),
        (lambda doc: {"format": "another"}, "can read"),
    ],
)
def test_a_spoilt_proof_is_refused_with_the_reason(proof, spoil, says):
    holds, sentence = ledger.check_proof(proof | spoil(proof))

    assert not holds
    assert says in sentence


@settings(max_examples=60, deadline=None)
@given(
    doc=st.dictionaries(
        st.sampled_from(["format", "index", "leaf", "hashes", "checkpoint", "public_key"]),
        st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text()), st.just(offline.FORMAT)),
    )
)
def test_nonsense_is_refused_and_never_raises(doc):
    holds, sentence = ledger.check_proof(doc)

    assert not holds
    assert sentence.endswith(".")


def test_a_proof_is_checked_without_database_or_settings(proof, tmp_path):
    place = tmp_path / "proof.json"
    place.write_text(json.dumps(proof))
    code = (
        "import json, sys; from circlekeeper.foundation.ledger import offline;"
        "print(offline.check_proof(json.load(open(sys.argv[1]))))"
    )
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "CIRCLEKEEPER"))}
    done = subprocess.run(
        [sys.executable, "-c", code, str(place)], env=bare, capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("(True, 'Entry 5 stands")


def test_log_verify_prove_and_check_as_commands(log, tmp_path, capsys):
    log(5)
    status, answer = commands.cli_verify(Namespace())
    assert (status, set(answer)) == (0, {"ok", "size", "root", "checkpoint_size", "detail"})

    status, proof = commands.cli_prove(Namespace(number="3"))
    assert status == 0
    place = tmp_path / "proof.json"
    place.write_text(json.dumps(proof))
    assert commands.cli_check(Namespace(proof=place))[0] == 0

    place.write_text(json.dumps(proof | {"hashes": [base64.b64encode(b"x" * 32).decode()]}))
    status, answer = commands.cli_check(Namespace(proof=place))
    assert (status, answer["ok"]) == (1, False)
    for text in ("not json", "[1, 2]", "[" * 100_000):
        place.write_text(text)
        assert commands.cli_check(Namespace(proof=place))[0] == 1

    assert commands.cli_check(Namespace(proof=tmp_path / "none"))[0] == 2
    assert commands.cli_prove(Namespace(number="99"))[0] == 2
    with fence_down() as cursor:
        cursor.execute("UPDATE ledger_entry SET actor = 'x' WHERE seq = 1")
    status, answer = commands.cli_verify(Namespace())
    assert (status, answer["ok"], answer["size"]) == (1, False, 5)
    assert str(answer["detail"]).startswith("Entry 1 was changed")
