"""What safeguards announce. Ids and dates only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LevelRaised:
    """A group's level or overlays changed and nothing became looser."""

    group_id: str
    decision_id: str


@dataclass(frozen=True, slots=True)
class LevelLowered:
    """A group asks less than before: members have to be asked again, and until then the old promises are kept (LVL0)."""

    group_id: str
    decision_id: str


@dataclass(frozen=True, slots=True)
class WaiverGranted:
    """A control is set aside until a date; members are shown it (TEC9)."""

    group_id: str
    waiver_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class WeakeningRefused:
    """Someone tried to set a locked control aside (TEC9); the privacy lead should know."""

    group_id: str
    by: str
    control: str


@dataclass(frozen=True, slots=True)
class GroupOpened:
    """A group opened."""

    group_id: str


@dataclass(frozen=True, slots=True)
class GroupClosed:
    """A group closed: no joining, no meetings."""

    group_id: str
