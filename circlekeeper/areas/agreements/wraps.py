"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.agreements.models import CopyOpening, Pledge
from circlekeeper.areas.agreements.queries import copies
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(
        Pledge,
        place=lambda row: copies.place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
    ),
    Column(
        CopyOpening,
        place=lambda row: copies.reason_place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
        secret="pledge__secret_id",  # noqa: S106 - a path of columns
    ),
)
