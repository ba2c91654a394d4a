"""The only writers of this room."""

from circlekeeper.areas.venues.actions.places import change_place, choose_place, drop_place, write_place

__all__ = ["change_place", "choose_place", "drop_place", "write_place"]
