"""Opaque identifiers: 128 random bits that say nothing about whom or what they name."""

import secrets

ID_LENGTH = 26
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
# Two letters at a time: an identifier is made thirty times while one person joins.
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]


def new_id() -> str:
    """Return 26 lower-case letters and digits: base32 of 16 random bytes, as RFC 4648 writes them without padding."""
    bits = secrets.randbits(128) << 2
    return "".join([_PAIRS[bits >> at & 1023] for at in range(120, -1, -10)])
