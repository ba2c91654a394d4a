"""A way into a meeting. What it says about itself uses the evidence words of `safeguards` and no others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from circlekeeper.areas.safeguards.evidence import Evidence

__all__ = ["Capability", "Evidence", "Proof", "Provider", "ScopeOfProof", "install", "provider", "providers"]


class ScopeOfProof(StrEnum):
    """What a proof speaks of."""

    ACCOUNT = "account"
    USER = "user"
    MEETING = "meeting"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Proof:
    """One control, looked at once: what was expected, what was seen, how, when, and for how long that counts."""

    control: str
    evidence: Evidence
    expected: str
    seen: str
    scope: ScopeOfProof
    checked_at: datetime
    lasts: timedelta

    @property
    def holds(self) -> bool:
        """Whether what was seen is what was expected, by a kind of evidence that can say so."""
        return self.evidence is not Evidence.IMPOSSIBLE and self.seen == self.expected


@dataclass(frozen=True, slots=True)
class Capability:
    """What a provider can do about one control, by which evidence at best, and what that means in plain words."""

    control: str
    evidence: Evidence
    words: str


class Provider(Protocol):
    """Implemented by each connector. Nothing here blocks inside a database transaction."""

    name: str

    @property
    def title(self) -> str:
        """What people choose from the list."""

    @property
    def sees(self) -> str:
        """What the service learns about members, in one sentence for the policy."""

    def capabilities(self) -> Sequence[Capability]:
        """What this way in can do about each control, at best."""

    def apply(self, *, meeting_id: str, address: str, now: datetime) -> None:
        """Set everything that can be set.

        :raises Refused: the address is not one this provider can use.
        """

    def verify(self, *, meeting_id: str, address: str, now: datetime) -> Sequence[Proof]:
        """Look at every control again; never repeats what ``apply`` believes."""

    def mint_link(self, *, meeting_id: str, address: str, now: datetime) -> str:
        """The address for one admitted person, made at the moment they press the button."""

    def end(self, *, meeting_id: str, address: str, now: datetime) -> None:
        """End the session at the provider, where it can be ended from outside."""

    def purge(self, *, meeting_id: str, address: str, now: datetime) -> Sequence[Proof]:
        """Remove what the provider keeps, and show what is left."""


_installed: dict[str, Provider] = {}


def install(providers: Sequence[Provider]) -> None:
    """Name the ways in; called once from the roof."""
    _installed.clear()
    _installed.update({each.name: each for each in providers})


def provider(name: str) -> Provider:
    """The provider of this name; ``KeyError`` if it is not installed."""
    return _installed[name]


def providers() -> list[Provider]:
    """Every installed way in, by title."""
    return sorted(_installed.values(), key=lambda each: each.title)
