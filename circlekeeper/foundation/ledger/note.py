"""Signed notes and checkpoints: the text formats c2sp.org/signed-note and c2sp.org/tlog-checkpoint, with Ed25519.

Pure functions; no database, no Django, so that anyone can check a note on another machine.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from circlekeeper.foundation.ledger import merkle

_ED25519 = b"\x01"
_DASH = "\u2014 "
_ID_BYTES, _KEY_BYTES = 4, 32
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_LONGEST = 1_000_000
_MOST_SIGNATURES = 100


class BadNote(Exception):
    """The text is not a note, or nobody we know signed it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log looked like at one moment: its name, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """Who signs: a name and an Ed25519 public key (32 bytes)."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def text(self) -> str:
        """The key as people pass it on: ``name+id+base64``."""
        return f"{self.name}+{self.key_id.hex()}+{_encode(_ED25519 + self.public)}"


def read_key(text: str) -> Key:
    """Read what ``Key.text`` wrote.

    :raises BadNote: the text is no Ed25519 key, or its id does not belong to it.
    """
    parts = text.split("+", 2)
    if len(parts) != 3 or not _is_name(parts[0]):
        raise BadNote("not a key")
    name, key_id, encoded = parts
    raw = _decode(encoded)
    if raw[:1] != _ED25519 or len(raw) != 1 + _KEY_BYTES:
        raise BadNote("not an Ed25519 key")
    key = Key(name, raw[1:])
    if key.key_id.hex() != key_id:
        raise BadNote("the key does not have this id")
    return key


def sign(text: str, *, name: str, seed: bytes) -> str:
    """Sign a text with the Ed25519 key grown from this 32-byte seed; the result is the whole note.

    :raises BadNote: the text could not be read back (it must end in a newline and hold no control characters).
    """
    if not _is_text(text) or not _is_name(name):
        raise BadNote("not a text that can be signed")
    signer = SigningKey(seed)
    key = Key(name, bytes(signer.verify_key))
    signature = signer.sign(text.encode()).signature
    return f"{text}\n{_DASH}{name} {_encode(key.key_id + signature)}\n"


def open_note(note: str, key: Key) -> str:
    """The text of a note signed by this key. Signatures by others are passed over, as the format asks.

    :raises BadNote: malformed, or not signed by this key.
    """
    text, lines = _parts(note)
    signatures = [_read_signature(line) for line in lines]
    ours = [signature for name, key_id, signature in signatures if (name, key_id) == (key.name, key.key_id)]
    if not ours:
        raise BadNote("not signed by this key")
    for signature in ours:
        try:
            VerifyKey(key.public).verify(text.encode(), signature)
        except (BadSignatureError, ValueError) as failure:
            raise BadNote("the signature is wrong") from failure
    return text


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The three lines of a checkpoint: origin, size in decimal, root in base64."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{_encode(checkpoint.root)}\n"


def read_checkpoint(note: str, key: Key) -> Checkpoint:
    """Open a signed checkpoint.

    :raises BadNote: not signed by this key, or not a checkpoint.
    """
    lines = open_note(note, key).split("\n")
    if len(lines) < 4 or not lines[0] or not all(lines[3:-1]):
        raise BadNote("not a checkpoint")
    size, root = lines[1], _decode(lines[2])
    if not _SIZE.fullmatch(size) or len(root) != merkle.HASH_BYTES:
        raise BadNote("not a checkpoint")
    return Checkpoint(lines[0], int(size), root)


def _parts(note: str) -> tuple[str, list[str]]:
    head, blank, tail = note.rpartition("\n\n")
    text, lines = head + "\n", tail.split("\n")
    if not blank or len(note) > _LONGEST or not _is_text(text) or lines.pop() or not lines:
        raise BadNote("not a note")
    if len(lines) > _MOST_SIGNATURES:
        raise BadNote("too many signatures")
    return text, lines


def _read_signature(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    raw = _decode(encoded)
    if not line.startswith(_DASH) or not space or not _is_name(name) or len(raw) <= _ID_BYTES:
        raise BadNote("not a signature line")
    return name, raw[:_ID_BYTES], raw[_ID_BYTES:]


def _is_text(text: str) -> bool:
    return len(text) > 1 and text.endswith("\n") and all(letter >= " " or letter == "\n" for letter in text)


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() or letter < " " for letter in name)


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as failure:
        raise BadNote("not base64") from failure
    if _encode(raw) != text:
        raise BadNote("not canonical base64")
    return raw
