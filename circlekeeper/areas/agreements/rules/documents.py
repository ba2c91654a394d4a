"""What each kind of document must hold before it may be published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from circlekeeper.areas.agreements.rules.counting import words_in

SECTIONS = ("collect", "store", "see", "breach")
BLOCKS = ("private", "not-private", "exceptions", "report")
STATEMENT_LIMIT = 200
MOST_NORMS = 20


class Fault(StrEnum):
    """Why a text cannot be published."""

    MISSING = "missing"
    TOO_LONG = "too long"
    FIXED_GONE = "fixed norm removed"
    FIXED_CHANGED = "fixed norm reworded"
    DOUBLE = "twice the same"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class NormText:
    """One norm as it stands or as it was typed."""

    id: str
    words: str
    fixed: bool


def policy_faults(sections: Mapping[str, str]) -> list[tuple[str, Fault]]:
    """Which mandatory sections (POL1: collected, stored, seen, breach) are absent or say nothing."""
    return [(name, Fault.MISSING) for name in SECTIONS if not _says_something(sections.get(name, ""))]


def statement_faults(blocks: Mapping[str, str], locale: str) -> list[tuple[str, Fault]]:
    """What is wrong with a statement (KIT1): a block missing; 200 words or more in all, under the empty name."""
    faults = [(name, Fault.MISSING) for name in BLOCKS if not _says_something(blocks.get(name, ""))]
    if words_left(blocks, locale) < 1:
        faults.append(("", Fault.TOO_LONG))
    return faults


def words_left(blocks: Mapping[str, str], locale: str) -> int:
    """How many words short of 200 a statement is; it may be published while at least one is left."""
    return STATEMENT_LIMIT - sum(words_in(words, locale) for words in blocks.values())


def norm_faults(norms: Sequence[NormText], *, fixed: Mapping[str, str]) -> list[tuple[str, Fault]]:
    """What is wrong with a list of norms; ``fixed`` are the three that nobody may remove or reword (CON3)."""
    typed = {norm.id: norm.words for norm in norms}
    faults = [(name, Fault.FIXED_GONE) for name in fixed if name not in typed]
    faults += [(name, Fault.FIXED_CHANGED) for name, words in fixed.items() if typed.get(name, words) != words]
    faults += [(norm.id, Fault.MISSING) for norm in norms if not _says_something(norm.words)]
    seen: set[str] = set()
    for norm in norms:
        same = " ".join(norm.words.split()).casefold()
        if same in seen:
            faults.append((norm.id, Fault.DOUBLE))
        seen.add(same)
    if len(norms) > MOST_NORMS:
        faults.append(("", Fault.TOO_MANY))
    return faults


def _says_something(words: str) -> bool:
    return any(char.isalnum() for char in words)
