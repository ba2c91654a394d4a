"""What this room tells others. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drifted:
    """A setting of a meeting held when it was looked at before, and does not now. ``control``: of the playbook."""

    group_id: str
    meeting_id: str
    control: str


@dataclass(frozen=True, slots=True)
class MeetingMoved:
    """A meeting is held at its second place; every member has a new link (FMT14)."""

    group_id: str
    meeting_id: str


@dataclass(frozen=True, slots=True)
class RecordingHeard:
    """A service says that a recording of some kind began."""

    group_id: str
    meeting_id: str


@dataclass(frozen=True, slots=True)
class MeetingClosed:
    """A meeting is over: what others keep only while it runs should go."""

    group_id: str
    meeting_id: str
