"""Something records that nobody allowed (FMT7)."""

from datetime import datetime

from circlekeeper.areas.ballots import events, queries
from circlekeeper.areas.ballots.models import Kind
from circlekeeper.areas.meetings import actions as meetings
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.announce import announce


@action("ballots.recording.see")
def recording_seen(*, by: str, group_id: str, meeting_id: str, now: datetime) -> bool:
    """A provider, or somebody who looked, says that a recording is running. ``by`` is ``"system"`` or a person.

    Unless everybody inside has said yes, the meeting is paused until a host has looked, and ``RecordingSeen`` is announced.
    Returns whether it was paused. A phone held to a screen is seen by nobody but the people in the room.

    :raises NotHere: this group has no such meeting. :raises Refused: it is not running.
    """
    ledger.record(by=by, about=meeting_id, at=now)
    if queries.allowed(group_id=group_id, meeting_id=meeting_id, kind=Kind.RECORDING, now=now):
        return False
    meetings.pause(by=by, group_id=group_id, meeting_id=meeting_id, now=now)
    announce(events.RecordingSeen(group_id, meeting_id), now=now)
    return True
