"""The name a person uses in one group: what it may be, what it gives away, and one for those who chose none (REG1)."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum

from circlekeeper.areas.roster.rules import calm_words

ALIAS_LENGTH = 40

_ADDRESS = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
_PART = re.compile(r"[^\W\d_]+")
_STEM_PART = 3
_DIGITS_OF_A_NUMBER = 6

# One letter for each family of signs that look alike; written for a reader's eye, not for Unicode's tables.
_LOOKS_LIKE = str.maketrans(
    {
        "0": "o", "1": "l", "2": "z", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g",
        "$": "s", "@": "a", "!": "l", "|": "l", "i": "l", "j": "l",
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "г": "r", "һ": "h", "і": "l", "ј": "l", "к": "k",
        "м": "m", "н": "h", "о": "o", "р": "p", "ѕ": "s", "т": "t", "у": "y", "х": "x", "ԝ": "w",
        "α": "a", "β": "b", "ε": "e", "ι": "l", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x",
        "ı": "l", "ł": "l", "ø": "o", "đ": "d",
    }
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


class AliasFault(StrEnum):
    """Why a name cannot be taken."""

    EMPTY = "empty"
    LONG = "long"
    ADDRESS = "address"
    NUMBER = "number"
    NO_LETTER = "no letter"


class AliasWarning(StrEnum):
    """What to talk about before a name is used; none of them is a refusal."""

    LOOKS_ALIKE = "looks like another name in the group"
    MAIL_STEM = "same as the mail address"
    FULL_NAME = "looks like a full legal name"


def tidy_alias(typed: str) -> str:
    """A name as it is kept: composed letters, single spaces, nothing invisible and nothing that turns the line around."""
    composed = unicodedata.normalize("NFC", typed)
    shown = "".join(
        " " if char.isspace() else char
        for char in composed
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join(shown.split())


def alias_fault(alias: str) -> AliasFault | None:
    """Why this tidied name cannot be taken, or None."""
    if not alias:
        return AliasFault.EMPTY
    if len(alias) > ALIAS_LENGTH:
        return AliasFault.LONG
    if _ADDRESS.search(alias):
        return AliasFault.ADDRESS
    if sum(char.isdigit() for char in alias) >= _DIGITS_OF_A_NUMBER:
        return AliasFault.NUMBER
    if not any(char.isalpha() for char in alias):
        return AliasFault.NO_LETTER
    return None


def skeleton(alias: str) -> str:
    """What is left of a name for a quick eye: equal skeletons are taken for the same person."""
    plain = unicodedata.normalize("NFKD", alias).casefold()
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    seen = bare.translate(_LOOKS_LIKE)
    for pair, single in _PAIRS:
        seen = seen.replace(pair, single)
    return "".join(char for char in seen if char.isalnum())


def alias_warnings(alias: str, *, others: Iterable[str] = (), mail: str = "") -> tuple[AliasWarning, ...]:
    """What to talk about before this name is used (REG1).

    ``others``: names already used in the group; ``mail``: the person's own mail address, if they gave one.
    """
    found = []
    mine = skeleton(alias)
    if mine and any(_alike(mine, skeleton(other)) for other in others):
        found.append(AliasWarning.LOOKS_ALIKE)
    if mail and _from_mail(alias, mail):
        found.append(AliasWarning.MAIL_STEM)
    if _full_name(alias):
        found.append(AliasWarning.FULL_NAME)
    return tuple(found)


def fresh_alias(taken: Collection[str], *, pick: Callable[[Sequence[str]], str]) -> str:
    """Two calm words that no one in the group uses; with a number when the words have run out.

    ``taken`` holds skeletons. ``pick`` chooses one of a sequence; pass ``secrets.choice``.
    """
    for _ in range(64):
        name = f"{pick(calm_words.FIRST)} {pick(calm_words.SECOND)}".title()
        if skeleton(name) not in taken:
            return name
    number = 2
    base = f"{pick(calm_words.FIRST)} {pick(calm_words.SECOND)}".title()
    while skeleton(f"{base} {number}") in taken:
        number += 1
    return f"{base} {number}"


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    # One slip of the eye in a longer name; two short names one letter apart ("Ann", "Ana") are two names.
    return min(len(one), len(other)) >= 6 and abs(len(one) - len(other)) <= 1 and _one_edit(one, other)


def _one_edit(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    at = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        return short[at + 1 :] == long[at + 1 :]
    return short[at:] == long[at + 1 :]


def _from_mail(alias: str, mail: str) -> bool:
    stem = mail.partition("@")[0].partition("+")[0]
    plain, whole = skeleton(alias), skeleton(stem)
    if len(plain) >= _STEM_PART and plain in (whole, skeleton("".join(_PART.findall(stem)))):
        return True
    return any(len(part) >= _STEM_PART and skeleton(part) == plain for part in _PART.findall(stem))


def _full_name(alias: str) -> bool:
    words = alias.replace("-", " ").split()
    named = [word for word in words if len(_PART.sub("", word)) <= 1 and len(word) > 1 and word[0].isupper()]
    if not 2 <= len(words) <= 4 or len(named) < 2:
        return False
    return not all(word.casefold() in calm_words.ALL for word in named)
