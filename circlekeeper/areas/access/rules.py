"""Where rules stand, whether a note gives somebody away, what may be said of many cards. No clock, no database."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum


class RuleKind(StrEnum):
    """Where the rule that hurts is written."""

    NORMS = "norms"
    POLICY = "policy"
    OTHER = "other"


ANSWER_DAYS = 14
SHORTEST_NOTE = 10
_WORD = re.compile(r"[^\W_]+")


def credits_somebody(note: str, aliases: Iterable[str]) -> bool:
    """Whether a note names a member: one of their names stands in it as whole words, in any case."""
    said = f" {' '.join(_WORD.findall(note.casefold()))} "
    named = (" ".join(_WORD.findall(alias.casefold())) for alias in aliases)
    return any(alias and f" {alias} " in said for alias in named)


# What a card can say; a question left empty says nothing (ACC4).
CHOICES: Mapping[str, tuple[str, ...]] = {
    "names": ("chosen", "first", "formal"),
    "contact": ("none", "written", "spoken"),
    "days": ("friday", "saturday", "sunday", "fasting"),
    "mix": ("any", "own-gender", "similar"),
    "sharing": ("in-turn", "when-ready", "together", "listen"),
}
MANY = frozenset({"days"})


def said(fields: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """What a card really says: known questions with known answers, one each except where many are possible."""
    found: dict[str, list[str]] = {}
    for name, known in CHOICES.items():
        chosen = [each for each in fields.get(name, ()) if each in known]
        if chosen:
            found[name] = sorted(set(chosen)) if name in MANY else chosen[:1]
    return found


def sums(cards: Sequence[Mapping[str, Iterable[str]]], smallest: int) -> dict[tuple[str, str], int]:
    """For each answer that enough people gave, "at least" how many, in steps of the smallest number.

    Steps, because an exact sum before and after one more card would tell what that card says.
    """
    found: dict[tuple[str, str], int] = {}
    for name, known in CHOICES.items():
        for answer in known:
            count = sum(answer in card.get(name, ()) for card in cards)
            if count >= smallest:
                found[name, answer] = count - count % smallest
    return found
