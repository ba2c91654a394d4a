"""What is different between two versions of a text, as people read it: lines that went, lines that came (CON2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Part = tuple[str, Sequence[str]]  # a title and the pieces of text under it
_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class Change:
    """One part that reads differently. A part that is new has only ``came``; one that was dropped only ``went``."""

    title: str
    went: tuple[str, ...]
    came: tuple[str, ...]


def changes(old: Sequence[Part], new: Sequence[Part]) -> list[Change]:
    """The parts that differ, in the order of the new text; dropped parts last. Spaces and line breaks do not count."""
    before, after = _by_title(old), _by_title(new)
    found = []
    for title in [*after, *(title for title in before if title not in after)]:
        went, came = _differing(before.get(title, []), after.get(title, []))
        if went or came:
            found.append(Change(title, tuple(went), tuple(came)))
    return found


def _by_title(parts: Sequence[Part]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for title, pieces in parts:
        found.setdefault(title, []).extend(_sentences(pieces))
    return found


def _sentences(pieces: Sequence[str]) -> list[str]:
    return [plain for piece in pieces for part in _ENDS.split(piece) if (plain := " ".join((part or "").split()))]


def _differing(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    went: list[str] = []
    came: list[str] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            went += old[i1:i2]
            came += new[j1:j2]
    return went, came
