"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.joining.models import Referrer, WorkingNote
from circlekeeper.areas.joining.queries import notes
from circlekeeper.areas.joining.queries.referrers import referrer_place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(Referrer, place=lambda row: referrer_place(row.pk, row.group_id), scope=lambda _row: Scope.ROSTER),
    Column(WorkingNote, place=lambda row: notes.note_place(row.pk, row.group_id), scope=lambda _row: Scope.ROSTER),
)
