"""128 random bits as twelve words (BIP 39, English list) or twenty-six letters and digits, for people to write down."""

import base64
import secrets
from functools import cache

from mnemonic import Mnemonic

BITS = 128
LETTERS = 26


class NotWords(Exception):
    """The text is neither twelve words of the list nor twenty-six letters and digits. Says nothing about what was typed."""


@cache
def _list() -> Mnemonic:
    return Mnemonic("english")


def fresh() -> bytes:
    """Sixteen random bytes."""
    return secrets.token_bytes(BITS // 8)


def as_words(raw: bytes) -> str:
    """Twelve words; the last one carries a checksum that notices a slip."""
    return _list().to_mnemonic(raw)


def as_letters(raw: bytes) -> str:
    """Twenty-six letters and digits in groups of four, easy to type on a phone."""
    plain = base64.b32encode(raw).decode().rstrip("=").lower()
    return "-".join(plain[start : start + 4] for start in range(0, LETTERS, 4))


def parse(text: str) -> bytes:
    """Read either form, in any case, with any spaces or dashes.

    :raises NotWords: it is neither.
    """
    words = text.lower().replace("-", " ").replace(",", " ").split()
    joined = "".join(words)
    try:
        if len(words) == 12 and all(word.isalpha() for word in words) and _list().check(" ".join(words)):
            return bytes(_list().to_entropy(words))
        if len(joined) == LETTERS:
            return base64.b32decode(joined.upper() + "======")
    except (ValueError, LookupError):
        raise NotWords from None
    raise NotWords
