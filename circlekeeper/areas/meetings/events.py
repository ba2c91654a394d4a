"""What this room tells others. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeetingClosed:
    """A meeting is over: what others keep only while it runs should go."""

    group_id: str
    meeting_id: str
