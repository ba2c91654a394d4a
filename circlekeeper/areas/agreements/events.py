"""What agreements announce. Ids, numbers and dates only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextPublished:
    """A text came into force. ``material`` 1: those who agreed to an older version are asked again."""

    group_id: str
    document_id: str
    kind: str
    version: int
    material: int


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A member took a consent back; whoever relies on it stops now (CON2)."""

    group_id: str
    member_id: str
    purpose: str


@dataclass(frozen=True, slots=True)
class PledgeWithdrawn:
    """A member took their promise back; until they make it again no meeting is open to them."""

    group_id: str
    member_id: str


@dataclass(frozen=True, slots=True)
class PledgeSigned:
    """A member made the promise."""

    group_id: str
    member_id: str
    pledge_id: str
