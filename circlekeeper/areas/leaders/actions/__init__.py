"""Everything that changes who keeps a group and what they can open."""

from circlekeeper.areas.leaders.actions.keys import begin_key_change, continue_key_change
from circlekeeper.areas.leaders.actions.parting import part, remove
from circlekeeper.areas.leaders.actions.taken import Taken, take_back

__all__ = ["Taken", "begin_key_change", "continue_key_change", "part", "remove", "take_back"]
