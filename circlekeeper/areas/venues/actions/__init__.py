"""The only writers of this room."""

from circlekeeper.areas.venues.actions.places import change_place, choose_place, drop_place, write_place
from circlekeeper.areas.venues.actions.plans import change_plan, check_plan, drop_plan, write_plan

__all__ = [
    "change_place",
    "change_plan",
    "check_plan",
    "choose_place",
    "drop_place",
    "drop_plan",
    "write_place",
    "write_plan",
]
