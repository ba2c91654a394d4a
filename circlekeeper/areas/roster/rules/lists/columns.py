"""What a column may become. Everything is left out unless somebody says otherwise (DAT2, REG5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from circlekeeper.areas.roster.rules.lists.layouts import Table

_SAMPLES = 3
_LONGEST_SAMPLE = 40


class Target(StrEnum):
    """Where a column goes."""

    DROP = "drop"
    NAME = "name"
    MAIL = "mail"
    PHONE = "phone"


_WORDS = (
    (Target.MAIL, re.compile(r"\b(e-?mail|mail|correo|courriel)\b", re.IGNORECASE)),
    (Target.PHONE, re.compile(r"\b(phone|telephone|mobile|cell|tel)\b", re.IGNORECASE)),
    (
        Target.NAME,
        re.compile(r"\b(name in the group|first name|user name|nickname|alias|preferred name|name)\b", re.I),
    ),
)
_NOT_A_WAY = re.compile(r"mailing list|last name|surname|original", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the mapping page shows it. ``could_be``: what its heading suggests; ``goes``: what is preset."""

    at: int
    header: str
    samples: tuple[str, ...]
    could_be: Target
    goes: Target


def guess(header: str) -> Target:
    """What a heading suggests; long questions and anything doubtful are left out."""
    if len(header) > 60 or _NOT_A_WAY.search(header) and not header.casefold().startswith("user name"):
        return Target.DROP
    return next((target for target, words in _WORDS if words.search(header)), Target.DROP)


def columns_of(table: Table) -> tuple[Column, ...]:
    """Every column with a preset. Ways to reach people are preset once each; names never are: the leader chooses that."""
    taken: set[Target] = {Target.NAME}
    found = []
    for at, header in enumerate(table.headers):
        could_be = guess(header)
        goes = Target.DROP if could_be in taken else could_be
        taken.add(goes) if goes is not Target.DROP else None
        found.append(Column(at, header, _samples(table.rows, at), could_be, goes))
    return tuple(found)


def _samples(rows: Sequence[Sequence[str]], at: int) -> tuple[str, ...]:
    filled = (row[at] for row in rows if row[at])
    return tuple(cell[:_LONGEST_SAMPLE] for cell, _ in zip(filled, range(_SAMPLES), strict=False))
