"""After a meeting: two questions, answered by whoever hosted."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.models import Debrief, MeetingState
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

RECORD = "debriefs"
MOODS = ("calm", "mixed", "heavy")


def debrief(
    *, by: str, group_id: str, meeting_id: str, mood: str, follow_up: bool, words: str, now: datetime
) -> None:
    """Answer the two questions: how it was (one of ``MOODS``), and whether anything needs following up. Sealed for staff.

    :raises Refused: the meeting is not closed, or somebody answered already.
    """
    if mood not in MOODS:
        raise Refused(_("Choose how it was."), field="mood")
    row_id = new_id()
    secret = shredstore.new_secret(record=RECORD, group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"mood": mood, "words": words.strip()},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=sealing.debrief_place(row_id, group_id),
    )
    row = Debrief(pk=row_id, group_id=group_id, by=by, at=now, follow_up=follow_up, secret_id=secret.id)
    _debrief(by=by, meeting_id=meeting_id, row=row, sealed=sealed, now=now)


@action("meetings.debrief.write")
def _debrief(*, by: str, meeting_id: str, row: Debrief, sealed: SealedRecord, now: datetime) -> None:
    meeting = rows.meeting(row.group_id, meeting_id)
    if meeting.state != MeetingState.CLOSED:
        raise Refused(_("The meeting is not over yet."))
    if Debrief.objects.filter(meeting=meeting).exists():
        raise Refused(_("Somebody answered already. Talk with each other."))
    row.meeting, row.blob, row.wrap = meeting, sealed.blob, sealed.wrap
    row.due_on = safeguards.due_on(group_id=row.group_id, record=RECORD, start=meeting.local_on)
    row.save(force_insert=True)
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.debrief.follow")
def note_followed_up(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """What needed following up was followed up.

    :raises NotHere: nothing waits after this meeting.
    """
    waits = Debrief.objects.filter(
        meeting_id=meeting_id, group_id=group_id, follow_up=True, followed_at__isnull=True
    )
    if not waits.update(followed_at=now):
        raise NotHere
    ledger.record(by=by, about=meeting_id, at=now)
