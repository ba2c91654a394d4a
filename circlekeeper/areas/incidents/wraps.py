"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.incidents import sealing
from circlekeeper.areas.incidents.models import Happening
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(
        Happening, place=lambda row: sealing.draft_place(row.pk, row.group_id), scope=lambda _row: Scope.ROSTER
    ),
)
