"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import Compartment, Opening
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

# What was put in a member's letterbox opens with their own key and is no key holder's to renew.
WRAPS = (
    Column(
        Compartment,
        place=lambda row: sealing.place(row.member_id, row.name, row.group_id),
        scope=lambda row: sealing.SCOPES[row.name],
    ),
    Column(
        Opening,
        place=lambda row: sealing.reason_place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
        wrap="reason_wrap",
        secret="member__secret_id",  # noqa: S106 - a path of columns
    ),
)
