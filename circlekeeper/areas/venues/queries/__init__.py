"""The only readers of this room."""

from circlekeeper.areas.venues.queries.both import RoomFacts, asks_camera, picks_up, rehearsed_at, room
from circlekeeper.areas.venues.queries.doorlist import DoorList, Row, door_list
from circlekeeper.areas.venues.queries.lines import lines
from circlekeeper.areas.venues.queries.own import own_cards, plans_for
from circlekeeper.areas.venues.queries.places import PlaceFacts, card, place, place_of, places, told
from circlekeeper.areas.venues.queries.plans import PlanFacts, outdated, plan, plans, todo
from circlekeeper.areas.venues.sealing import Card, Steps, Told

__all__ = [
    "Card",
    "Steps",
    "Told",
    "DoorList",
    "PlaceFacts",
    "PlanFacts",
    "RoomFacts",
    "Row",
    "asks_camera",
    "card",
    "door_list",
    "lines",
    "outdated",
    "own_cards",
    "picks_up",
    "place",
    "place_of",
    "places",
    "plan",
    "plans",
    "plans_for",
    "rehearsed_at",
    "room",
    "todo",
    "told",
]
