"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.venues import sealing
from circlekeeper.areas.venues.models import Venue
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(
        Venue,
        place=lambda row: sealing.card_place(row.pk, row.group_id),
        scope=lambda _row: sealing.SCOPE,
    ),
)
