"""Which texts a rule can be in, and whether a note gives somebody away. No clock, no database."""

import re
from collections.abc import Iterable
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
