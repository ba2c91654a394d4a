"""What this room tells others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordingSeen:
    """Something recorded a meeting without everybody's yes; the meeting was paused (FMT7)."""

    group_id: str
    meeting_id: str
