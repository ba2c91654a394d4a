"""The only writers of this room."""

from circlekeeper.areas.ballots.actions.asking import answer, ask, end, end_recordings, forget
from circlekeeper.areas.ballots.actions.keeping import (
    LARGEST,
    SOUND,
    SUMMARY,
    destroy_keepsake,
    keep_sound,
    keep_summary,
)
from circlekeeper.areas.ballots.actions.rooms import MOST_ROOMS, close_rooms, open_rooms, visit_room
from circlekeeper.areas.ballots.actions.seen import recording_seen

__all__ = [
    "LARGEST",
    "MOST_ROOMS",
    "SOUND",
    "SUMMARY",
    "answer",
    "ask",
    "close_rooms",
    "destroy_keepsake",
    "end",
    "end_recordings",
    "forget",
    "keep_sound",
    "keep_summary",
    "open_rooms",
    "recording_seen",
    "visit_room",
]
