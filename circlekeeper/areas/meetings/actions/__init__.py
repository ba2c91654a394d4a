"""The only writers of this room."""

from circlekeeper.areas.meetings.actions.agenda import move_agenda, plan_agenda
from circlekeeper.areas.meetings.actions.arriving import (
    Arrived,
    Comer,
    NobodyArrived,
    Outcome,
    arrive,
    arrive_together,
)
from circlekeeper.areas.meetings.actions.calling import give_host_pin, give_pin
from circlekeeper.areas.meetings.actions.cards import count_card, reword_card
from circlekeeper.areas.meetings.actions.checking import (
    RECORDING,
    WAITING_ROOM,
    answer_point,
    ask_provider,
    look_at_provider,
    try_waiting_room,
)
from circlekeeper.areas.meetings.actions.choosing import choose_way
from circlekeeper.areas.meetings.actions.connecting import connect_service, disconnect_service
from circlekeeper.areas.meetings.actions.debrief import debrief, note_followed_up
from circlekeeper.areas.meetings.actions.door import admit, answer_host, ask_at_door, go_in, hold, remove, step_out
from circlekeeper.areas.meetings.actions.feeds import end_feed, make_feed
from circlekeeper.areas.meetings.actions.forgetting import forget_days
from circlekeeper.areas.meetings.actions.hosts import (
    assign_host,
    confirm_host,
    mark_absent,
    name_stand_in,
    release_host,
)
from circlekeeper.areas.meetings.actions.links import (
    give_link,
    make_links,
    recall_links,
    revoke_all_links,
    revoke_links,
)
from circlekeeper.areas.meetings.actions.notes import Reached, send_note
from circlekeeper.areas.meetings.actions.pausing import pause, resume
from circlekeeper.areas.meetings.actions.plan import (
    cancel_meeting,
    extend_series,
    plan_series,
    restore_meeting,
)
from circlekeeper.areas.meetings.actions.running import (
    close_forgotten,
    close_meeting,
    lock_doors,
    open_doors,
    read_opening_card,
    unlock_doors,
)
from circlekeeper.areas.meetings.actions.second import choose_second, move_meeting, try_second
from circlekeeper.areas.meetings.actions.series import change_address, end_series
from circlekeeper.areas.meetings.actions.services import clear_away, hear, look, look_at_due, set_up
from circlekeeper.areas.meetings.actions.telling import tell_settings
from circlekeeper.areas.meetings.actions.ticking import tick, untick

__all__ = [
    "RECORDING",
    "WAITING_ROOM",
    "Arrived",
    "Comer",
    "NobodyArrived",
    "Outcome",
    "Reached",
    "admit",
    "choose_second",
    "choose_way",
    "move_meeting",
    "try_second",
    "clear_away",
    "connect_service",
    "disconnect_service",
    "hear",
    "look",
    "look_at_due",
    "set_up",
    "answer_host",
    "ask_at_door",
    "send_note",
    "count_card",
    "debrief",
    "reword_card",
    "mark_absent",
    "move_agenda",
    "name_stand_in",
    "note_followed_up",
    "plan_agenda",
    "answer_point",
    "ask_provider",
    "arrive",
    "arrive_together",
    "assign_host",
    "cancel_meeting",
    "change_address",
    "close_forgotten",
    "close_meeting",
    "confirm_host",
    "end_feed",
    "end_series",
    "extend_series",
    "forget_days",
    "give_host_pin",
    "give_link",
    "give_pin",
    "go_in",
    "hold",
    "lock_doors",
    "look_at_provider",
    "make_feed",
    "make_links",
    "open_doors",
    "pause",
    "plan_series",
    "read_opening_card",
    "release_host",
    "remove",
    "restore_meeting",
    "resume",
    "revoke_all_links",
    "recall_links",
    "revoke_links",
    "step_out",
    "tell_settings",
    "tick",
    "untick",
    "try_waiting_room",
    "unlock_doors",
]
