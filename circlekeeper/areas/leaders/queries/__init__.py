"""Reading who keeps a group and what is owed to its keys."""

from circlekeeper.areas.leaders.queries.keys import (
    CHANGE_WITHIN,
    KeyChangeFacts,
    due_since,
    key_change,
    last_change,
)
from circlekeeper.areas.leaders.queries.today import todo

__all__ = ["CHANGE_WITHIN", "KeyChangeFacts", "due_since", "key_change", "last_change", "todo"]
