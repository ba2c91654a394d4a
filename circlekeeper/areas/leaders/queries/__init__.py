"""Reading who keeps a group and what is owed to its keys."""

from circlekeeper.areas.leaders.queries.keys import (
    CHANGE_WITHIN,
    KeyChangeFacts,
    due_since,
    key_change,
    last_change,
)
from circlekeeper.areas.leaders.queries.passing import (
    ANSWER_WITHIN,
    HandoverFacts,
    Inventory,
    handover,
    handovers_of,
    inventory,
    open_row,
    thought_gone,
)
from circlekeeper.areas.leaders.queries.today import todo
from circlekeeper.areas.leaders.queries.ways import (
    LASTS,
    WAIT,
    WayFacts,
    kit_stands,
    way_of,
    ways_back,
    why_not_let_in,
)

__all__ = [
    "LASTS",
    "WAIT",
    "WayFacts",
    "kit_stands",
    "way_of",
    "ways_back",
    "why_not_let_in",
    "ANSWER_WITHIN",
    "CHANGE_WITHIN",
    "HandoverFacts",
    "Inventory",
    "KeyChangeFacts",
    "due_since",
    "handover",
    "handovers_of",
    "inventory",
    "key_change",
    "last_change",
    "open_row",
    "thought_gone",
    "todo",
]
