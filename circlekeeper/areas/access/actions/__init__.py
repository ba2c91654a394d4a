"""The only writers of this room."""

from circlekeeper.areas.access.actions.cards import drop_card, keep_card
from circlekeeper.areas.access.actions.helpers import (
    drop_helper,
    list_helper,
    note_promise,
    place_helper,
    take_off_helper,
)
from circlekeeper.areas.access.actions.reviews import change_rule, keep_rule, raise_rule
from circlekeeper.areas.access.actions.talks import answer, ask, end_own_thread, end_thread

__all__ = [
    "answer",
    "ask",
    "change_rule",
    "drop_card",
    "drop_helper",
    "end_own_thread",
    "end_thread",
    "keep_card",
    "keep_rule",
    "list_helper",
    "note_promise",
    "place_helper",
    "raise_rule",
    "take_off_helper",
]
