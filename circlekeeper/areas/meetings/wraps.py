"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.models import Choice, Debrief, NormNote
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(
        Debrief,
        place=lambda row: sealing.debrief_place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
    ),
    Column(
        Choice,
        place=lambda row: sealing.choice_place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
    ),
    # The member's copy opens with their own key and is no key holder's to renew.
    Column(
        NormNote,
        place=lambda row: sealing.note_place(row.pk, row.group_id),
        scope=lambda _row: Scope.ROSTER,
    ),
)
