"""Checking a proof on any machine: no database, no settings, no Django.

What it shows: this entry stood in the log at its number when the checkpoint was signed. It does not show who holds the
key. The log's name is grown from its key, so comparing the name with one printed earlier (recovery kit, mail to leaders)
is comparing the key.
"""

import base64
import binascii
import json
from collections.abc import Mapping

from circlekeeper.foundation.ledger import keys, merkle, note

FORMAT = "circlekeeper log proof 1"


class _Wrong(Exception):
    """The proof does not hold; the text is one plain sentence."""


def check_proof(doc: Mapping[str, object]) -> tuple[bool, str]:
    """Whether a proof document holds, and one plain sentence that says so or names what is wrong.

    Never raises, whatever the document holds.
    """
    try:
        return True, _checked(doc)
    except _Wrong as wrong:
        return False, str(wrong)
    except (note.BadNote, binascii.Error, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False, "This is not a proof from a Circlekeeper log, or it was damaged."


def _checked(doc: Mapping[str, object]) -> str:
    if doc["format"] != FORMAT:
        raise _Wrong("This is not a proof this program can read.")
    key = note.read_key(_text(doc["public_key"]))
    if key.name != keys.origin_of(key.public):
        raise _Wrong("The name of the log does not belong to the key in the proof.")
    try:
        checkpoint = note.read_checkpoint(_text(doc["checkpoint"]), key)
    except note.BadNote as failure:
        raise _Wrong("The checkpoint in the proof was changed, or was not signed by the key in it.") from failure
    if checkpoint.origin != key.name:
        raise _Wrong("The checkpoint in the proof belongs to another log.")
    index, said = doc["index"], _text(doc["leaf"])
    if type(index) is not int or json.loads(said)["seq"] != index:
        raise _Wrong("The entry in the proof has another number than the proof says.")
    hashes = doc["hashes"]
    if not isinstance(hashes, list):
        raise TypeError
    if not merkle.verify_inclusion(
        leaf=merkle.leaf_hash(said.encode()),
        index=index,
        size=checkpoint.size,
        proof=[base64.b64decode(_text(step), validate=True) for step in hashes],
        root=checkpoint.root,
    ):
        raise _Wrong(f"Entry {index} is not in the log this way: the entry or the proof was changed.")
    return f"Entry {index} stands in the log {key.name} as it was when {checkpoint.size} entries were signed."


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
