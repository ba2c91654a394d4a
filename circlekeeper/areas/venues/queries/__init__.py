"""The only readers of this room."""

from circlekeeper.areas.venues.queries.doorlist import DoorList, Row, door_list
from circlekeeper.areas.venues.queries.lines import lines
from circlekeeper.areas.venues.queries.own import own_cards
from circlekeeper.areas.venues.queries.places import PlaceFacts, card, place, place_of, places, told

__all__ = [
    "DoorList",
    "PlaceFacts",
    "Row",
    "card",
    "door_list",
    "lines",
    "own_cards",
    "place",
    "place_of",
    "places",
    "told",
]
