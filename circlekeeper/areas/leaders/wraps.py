"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.leaders import sealing
from circlekeeper.areas.leaders.models import Handover
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(
        Handover,
        place=lambda row: sealing.place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
        wrap="test_wrap",
    ),
)
