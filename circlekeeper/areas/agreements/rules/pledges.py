"""Pledges: how strongly a promise is made, under which name, and who still has to make it (CNF1, CNF2)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

STRENGTHS = ("tick", "typed", "signed")
LONGEST_NAME = 120


class SignatureFault(StrEnum):
    """Why a signature is not taken."""

    TOO_WEAK = "too weak"
    NO_NAME = "no name"
    ALIAS = "chosen name where the legal one is needed"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class Made:
    """A member's newest pledge."""

    version: int
    strength: str
    lapses_at: datetime | None = None


def strong_enough(strength: str, *, needed: str) -> bool:
    """Whether a promise made this way is enough where ``needed`` is asked."""
    return strength in STRENGTHS and STRENGTHS.index(strength) >= STRENGTHS.index(needed)


def signature_fault(
    *, strength: str, needed: str, name: str, alias: str, legal_name_needed: bool, said_legal: bool
) -> SignatureFault | None:
    """What is wrong with a signature, or None.

    A chosen name may sign, except where the legal name is needed (professional level). There the person says that it is
    their legal name, it has at least two parts, and it is not the name they chose for the group.
    """
    if not strong_enough(strength, needed=needed):
        return SignatureFault.TOO_WEAK
    if strength == "tick":
        return None
    if len(name) > LONGEST_NAME:
        return SignatureFault.TOO_LONG
    if not any(char.isalpha() for char in name):
        return SignatureFault.NO_NAME
    if legal_name_needed and (not said_legal or len(name.split()) < 2 or _same(name, alias)):
        return SignatureFault.ALIAS
    return None


def _same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


class Promise(StrEnum):
    """Where a member's promise stands, worst first."""

    NEVER = "never made"
    WEAK = "made in a weaker way than is asked now"
    OLD_TEXT = "made to a text that has changed"
    LAPSED = "ran out, and the time to make it again is over"
    IN_GRACE = "ran out a short while ago"
    STANDS = "stands"

    @property
    def blocks(self) -> bool:
        """Whether there is no personal link until it is made again (CNF2)."""
        return self not in (Promise.STANDS, Promise.IN_GRACE)


def promise(
    made: Made | None, *, asked_from: int, needed: str, now: datetime, grace_ends: datetime | None = None
) -> Promise:
    """Where a promise stands. ``grace_ends``: until when one that ran out still lets its maker in."""
    if made is None:
        return Promise.NEVER
    if not strong_enough(made.strength, needed=needed):
        return Promise.WEAK
    if made.version < asked_from:
        return Promise.OLD_TEXT
    if made.lapses_at is None or made.lapses_at > now:
        return Promise.STANDS
    return Promise.IN_GRACE if grace_ends is not None and grace_ends > now else Promise.LAPSED


def still_to_sign(
    *, signed: Mapping[str, Made], members: frozenset[str], asked_from: int, needed: str, now: datetime
) -> frozenset[str]:
    """Members whose newest pledge is missing, to a text that changed since, too weak, or has run out.

    ``asked_from`` is the version of the last material change; above every published version nobody has signed.
    """
    return frozenset(
        member
        for member in members
        if promise(signed.get(member), asked_from=asked_from, needed=needed, now=now) is not Promise.STANDS
    )
