"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.safeguards import sealing
from circlekeeper.areas.safeguards.models import AdviserStamp
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(
        AdviserStamp,
        place=lambda row: sealing.stamp_place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
    ),
)
