"""Who on the team is bound to keep silent, by what, and whether that still holds (CNF3, PRO1)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Bound(StrEnum):
    """What binds somebody to keep silent."""

    PROFESSION = "profession"
    PLEDGE = "pledge"
    NONE = "none"


class Mandated(StrEnum):
    """Whether somebody may have to report some things by law."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class BondFault(StrEnum):
    """Why what somebody says about themselves cannot be taken."""

    NO_BODY = "no licence body"
    NO_END = "no day until which the licence holds"
    OVER = "the licence is over"


class HostFault(StrEnum):
    """Why somebody may not help at a meeting."""

    SILENT = "has not said how they are bound"
    LICENCE = "licence ran out"
    PROMISE = "promise is overdue"


@dataclass(frozen=True, slots=True)
class Bond:
    """What one person said. ``licence_until`` is the last day of the licence; ``holds_until`` the last day of a promise."""

    bound: str
    licence_until: date | None = None
    holds_until: date | None = None


def bond_fault(*, bound: str, body: str, until: date | None, on: date) -> BondFault | None:
    """What is wrong with a statement, or None. Only a profession has a body and an end."""
    if bound != Bound.PROFESSION:
        return None
    if not any(char.isalpha() for char in body):
        return BondFault.NO_BODY
    if until is None:
        return BondFault.NO_END
    return BondFault.OVER if until < on else None


def overdue(bond: Bond, *, on: date) -> bool:
    """Whether what somebody said has run out: the licence, or the promise."""
    end = bond.licence_until if bond.bound == Bound.PROFESSION else bond.holds_until
    return bond.bound != Bound.NONE and end is not None and end < on


def host_fault(bond: Bond | None, *, asked: bool, on: date) -> HostFault | None:
    """Why somebody may not help at a meeting. ``asked``: the level asks that everybody has said how they are bound.

    A lapsed licence never hosts as one, at whatever level it was shown.
    """
    if bond is None:
        return HostFault.SILENT if asked else None
    if overdue(bond, on=on):
        if bond.bound == Bound.PROFESSION:
            return HostFault.LICENCE
        return HostFault.PROMISE if asked else None
    return None
