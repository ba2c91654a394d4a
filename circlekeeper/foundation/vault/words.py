"""128 random bits as twelve words (BIP 39, English list) or twenty-six letters and digits, for people to write down."""

import base64
import re
import secrets
import unicodedata
from functools import cache

from mnemonic import Mnemonic

BITS = 128
WORDS, LETTERS = 12, 26
# Longer than either form with any sensible spacing and numbering; nothing longer is looked at.
_LONGEST = 400
_PARTS = re.compile(r"[a-z0-9]+")


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
    """Read either form: any case, any spaces, any kind of dash or comma, numbers before the words if someone copied them.

    :raises NotWords: it is neither.
    """
    if len(text) > _LONGEST:
        raise NotWords
    parts = _PARTS.findall(unicodedata.normalize("NFKC", text).lower())
    words = [part for part in parts if part.isalpha()]
    joined = "".join(parts)
    try:
        if len(words) == WORDS and _list().check(" ".join(words)):
            return bytes(_list().to_entropy(words))
        if len(joined) == LETTERS:
            return _from_letters(joined)
    except (ValueError, LookupError):
        raise NotWords from None
    raise NotWords


def _from_letters(joined: str) -> bytes:
    # Base 32 has no 0 and no 8; whoever types one has read an o or a b.
    plain = joined.replace("0", "o").replace("8", "b").upper()
    raw = base64.b32decode(plain + "======")
    # 26 letters carry two bits more than 16 bytes: without this, one key would have four spellings.
    if base64.b32encode(raw).decode().rstrip("=") != plain:
        raise NotWords
    return raw
