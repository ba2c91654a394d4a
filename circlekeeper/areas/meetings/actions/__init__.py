"""The only writers of this room."""

from circlekeeper.areas.meetings.actions.door import admit, arrive, go_in, hold, remove, step_out
from circlekeeper.areas.meetings.actions.links import give_link, make_links, revoke_links
from circlekeeper.areas.meetings.actions.plan import cancel_meeting, end_series, extend_series, plan_series
from circlekeeper.areas.meetings.actions.probe import try_waiting_room
from circlekeeper.areas.meetings.actions.running import (
    answer_point,
    assign_host,
    close_meeting,
    confirm_host,
    lock_doors,
    open_doors,
    read_opening_card,
)

__all__ = [
    "admit",
    "answer_point",
    "arrive",
    "assign_host",
    "cancel_meeting",
    "close_meeting",
    "confirm_host",
    "end_series",
    "extend_series",
    "give_link",
    "go_in",
    "hold",
    "lock_doors",
    "make_links",
    "open_doors",
    "plan_series",
    "read_opening_card",
    "remove",
    "revoke_links",
    "step_out",
    "try_waiting_room",
]
