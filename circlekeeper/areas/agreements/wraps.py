"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.agreements.models import Pledge
from circlekeeper.areas.agreements.queries import pledges
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(
        Pledge,
        place=lambda row: pledges.place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
    ),
)
