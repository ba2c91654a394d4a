"""Pausing a meeting when something is wrong, and going on (FMT7)."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.models import MeetingState
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused


@action("meetings.meeting.pause")
def pause(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Nobody new is let in, and everyone's door says that the meeting is paused, until ``resume``. Safe to call again.

    :raises NotHere: this group has no such meeting. :raises Refused: it is not running.
    """
    _set(by, group_id, meeting_id, now, paused_at=now)


@action("meetings.meeting.resume")
def resume(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """A host has looked, and it can go on.

    :raises Refused: it is not running.
    """
    _set(by, group_id, meeting_id, now, paused_at=None)


def _set(by: str, group_id: str, meeting_id: str, now: datetime, *, paused_at: datetime | None) -> None:
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state not in (MeetingState.DOORS, MeetingState.LOCKED):
        raise Refused(_("This meeting is not running."))
    if paused_at is None or meeting.paused_at is None:
        meeting.paused_at = paused_at
        meeting.save(update_fields=["paused_at"])
    ledger.record(by=by, about=meeting.pk, at=now)
