"""The only writers of this room."""

from circlekeeper.areas.access.actions.helpers import (
    drop_helper,
    list_helper,
    note_promise,
    place_helper,
    take_off_helper,
)
from circlekeeper.areas.access.actions.talks import answer, ask, end_own_thread, end_thread

__all__ = [
    "answer",
    "ask",
    "drop_helper",
    "end_own_thread",
    "end_thread",
    "list_helper",
    "note_promise",
    "place_helper",
    "take_off_helper",
]
