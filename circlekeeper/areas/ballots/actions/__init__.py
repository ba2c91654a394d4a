"""The only writers of this room."""

from circlekeeper.areas.ballots.actions.asking import answer, ask, end, forget
from circlekeeper.areas.ballots.actions.rooms import MOST_ROOMS, close_rooms, open_rooms, visit_room
from circlekeeper.areas.ballots.actions.seen import recording_seen

__all__ = [
    "MOST_ROOMS",
    "answer",
    "ask",
    "close_rooms",
    "end",
    "forget",
    "open_rooms",
    "recording_seen",
    "visit_room",
]
