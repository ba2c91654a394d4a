"""Everything that changes who keeps a group and what they can open."""

from circlekeeper.areas.leaders.actions.handover import (
    accept_handover,
    begin_handover,
    confirm_handover,
    give_all_keys,
    prove_keys,
    sign_handover,
    stop_handover,
)
from circlekeeper.areas.leaders.actions.keys import begin_key_change, continue_key_change
from circlekeeper.areas.leaders.actions.kits import begin_with_kit, take_with_kit
from circlekeeper.areas.leaders.actions.parting import part, remove
from circlekeeper.areas.leaders.actions.taken import Taken, take_back
from circlekeeper.areas.leaders.actions.ways import (
    WayBack,
    agree_to_way_back,
    begin_papers,
    begin_way_back,
    make_papers,
    stop_way_back,
    stopped_again,
    take_papers,
    take_way_back,
    way_opens,
)

__all__ = [
    "WayBack",
    "agree_to_way_back",
    "begin_papers",
    "begin_way_back",
    "begin_with_kit",
    "take_with_kit",
    "make_papers",
    "stop_way_back",
    "stopped_again",
    "take_papers",
    "take_way_back",
    "way_opens",
    "Taken",
    "accept_handover",
    "begin_handover",
    "begin_key_change",
    "confirm_handover",
    "continue_key_change",
    "give_all_keys",
    "part",
    "prove_keys",
    "remove",
    "sign_handover",
    "stop_handover",
    "take_back",
]
