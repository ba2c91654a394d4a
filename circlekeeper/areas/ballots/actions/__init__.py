"""The only writers of this room."""

from circlekeeper.areas.ballots.actions.asking import answer, ask, end, forget
from circlekeeper.areas.ballots.actions.seen import recording_seen

__all__ = ["answer", "ask", "end", "forget", "recording_seen"]
