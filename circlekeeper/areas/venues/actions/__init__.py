"""The only writers of this room."""

from circlekeeper.areas.venues.actions.both import answer_camera, check_room, forget_answers, rehearse
from circlekeeper.areas.venues.actions.places import change_place, choose_place, drop_place, write_place
from circlekeeper.areas.venues.actions.plans import change_plan, check_plan, drop_plan, write_plan

__all__ = [
    "answer_camera",
    "change_place",
    "change_plan",
    "check_plan",
    "check_room",
    "choose_place",
    "drop_place",
    "drop_plan",
    "forget_answers",
    "rehearse",
    "write_place",
    "write_plan",
]
