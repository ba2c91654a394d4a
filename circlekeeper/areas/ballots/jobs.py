"""Due work: looking at services while meetings run, whether something began to record (FMT7, TEC7)."""

import contextlib
import logging
from datetime import datetime

from circlekeeper.areas.ballots import actions, queries
from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.foundation.errors import NotHere, Refused

_UNKNOWN = "unknown"
log = logging.getLogger(__name__)


def watch(now: datetime) -> None:
    """Ask the service of each running online meeting; where it says that something records, ``recording_seen``.

    A meeting that was paused for it is not asked about again until it goes on.
    """
    for each in meetings.running(now):
        where = {"group_id": each.group_id, "meeting_id": each.id}
        watched = each.is_online and each.paused_at is None
        if watched and not queries.allowed(**where, kind="recording", now=now) and _records(each, now):
            with contextlib.suppress(NotHere, Refused):
                actions.recording_seen(by="system", **where, now=now)


def _records(meeting: meetings.MeetingFacts, now: datetime) -> bool:
    """Whether the service says so. One that does not know, or does not answer, is for the hosts' own eyes."""
    try:
        proofs = meetings_do.ask_provider(group_id=meeting.group_id, meeting_id=meeting.id, now=now)
    except Exception as failure:
        # The text may hold an address and is not written down.
        log.warning("asking %s about recording failed: %s", meeting.held_at, type(failure).__name__)
        return False
    return any(
        each.control == meetings_do.RECORDING and not each.holds and each.seen != _UNKNOWN for each in proofs
    )
