"""Consent: one purpose at a time, to one text, by a deed; never by silence (CON1, CON2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# Deeds only. There is no word here for silence, a default, or a box ticked beforehand, so none can be stored.
METHODS = ("ticked", "typed", "on-paper", "spoken")


class ConsentFault(StrEnum):
    """Why answers cannot be taken as consent."""

    UNKNOWN = "unknown purpose"
    NEEDED = "needed to join"
    BUNDLED = "one yes for several purposes"
    PREPARED = "ticked beforehand"
    OLD_TEXT = "another text was shown"


class Standing(StrEnum):
    """Where a member stands on one purpose."""

    NEVER = "never asked"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Given:
    """The newest event of one member and purpose."""

    act: str
    version: int
    until: datetime | None = None


def standing(newest: Given | None, *, now: datetime) -> Standing:
    """Where a member stands. Silence is never a yes."""
    if newest is None:
        return Standing.NEVER
    if newest.act != "given":
        return Standing.WITHDRAWN
    if newest.until is not None and newest.until <= now:
        return Standing.EXPIRED
    return Standing.GIVEN


def allows(newest: Given | None, *, version: int, now: datetime) -> bool:
    """Whether a consent covers what version ``version`` of its text describes.

    Who agreed to an older version keeps what that one allowed and gets nothing that only a newer one describes (CON2).
    """
    return standing(newest, now=now) is Standing.GIVEN and newest is not None and newest.version >= version


def must_ask_again(newest: Given | None, *, asked_from: int, now: datetime) -> bool:
    """Whether somebody who once agreed is asked again: the text changed in a way that matters since, or time ran out.

    ``asked_from`` is the version of the last material change. Who withdrew or was never asked is not pressed.
    """
    where = standing(newest, now=now)
    return where is Standing.EXPIRED or (
        where is Standing.GIVEN and newest is not None and newest.version < asked_from
    )


def consent_faults(
    answers: Mapping[str, str],
    *,
    offered: Mapping[str, str],
    needed: Iterable[str],
    prepared: Iterable[str] = (),
) -> list[tuple[str, ConsentFault]]:
    """What is wrong with a set of answers.

    ``answers`` and ``offered`` lead from a purpose to the hash of the text that was shown and of the text in force;
    ``prepared`` are boxes that were ticked before the person came. Leaving anything but ``needed`` open is fine.
    """
    faults = [(purpose, ConsentFault.PREPARED) for purpose in sorted(set(prepared) & set(answers))]
    for purpose, shown in answers.items():
        if any(mark in purpose for mark in ",;+ "):
            faults.append((purpose, ConsentFault.BUNDLED))
        elif purpose not in offered:
            faults.append((purpose, ConsentFault.UNKNOWN))
        elif offered[purpose] != shown:
            faults.append((purpose, ConsentFault.OLD_TEXT))
    shared = {text for text in answers.values() if list(answers.values()).count(text) > 1}
    faults += [(purpose, ConsentFault.BUNDLED) for purpose, text in answers.items() if text in shared]
    return faults + [(purpose, ConsentFault.NEEDED) for purpose in needed if purpose not in answers]
