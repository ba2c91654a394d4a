"""A list at the door of a room: who stands there is let in by hand, and by mistake taken back (FMT2, FMT3).

The log names links, which are deleted when the meeting closes, never members, as at every other door.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.actions.door import start_lock
from circlekeeper.areas.meetings.actions.links import due_of, new_link
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Meeting, MeetingState, PersonalLink
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id

_BY_HAND = "door-list"
_RUNNING = (MeetingState.DOORS, MeetingState.LOCKED)


@action("meetings.door.tick")
def tick(*, by: str, group_id: str, meeting_id: str, member_id: str, came_at: datetime, now: datetime) -> None:
    """Somebody of the list came in. Twice is once. Whoever was inside before may come back after the lock (TEC5).

    ``came_at``: when they stood at the door, for a tick that could not be sent at once; it decides whether it was shut.

    :raises NotHere: no such meeting. :raises Refused: the window is closed to them, or they may not come: ask the host.
    """
    meeting = _running(group_id, meeting_id)
    ask_host = Refused(_("Ask the host."))
    if meeting.paused_at is not None or roster.why_no_link(group_id=group_id, member_id=member_id):
        raise ask_host
    link = _link(meeting, member_id)
    seen = [] if link is None else list(link.arrivals.select_for_update().order_by("unverified", "arrived_at"))
    if any(each.state == ArrivalState.REMOVED for each in seen):
        raise ask_host
    was_inside = any(each.inside_at for each in seen)
    if not was_inside and _was_shut(meeting, min(came_at, now)):
        raise ask_host
    if link is None:
        link = new_link(meeting, member_id, due_of(meeting), now)
        link.save(force_insert=True)
    if not any(each.state == ArrivalState.ADMITTED for each in seen):
        _let_in(link, seen, now)
        start_lock(meeting, now)
    ledger.record(by=by, about=link.pk, at=now)


def _was_shut(meeting: Meeting, at: datetime) -> bool:
    shut_at = meeting.locked_at if meeting.state == MeetingState.LOCKED else meeting.locks_at
    return shut_at is not None and at >= shut_at


def _let_in(link: PersonalLink, seen: list[Arrival], now: datetime) -> None:
    """The place they wait in on their own phone becomes the one inside; without one, a place by hand."""
    row = next((each for each in seen if not each.unverified), None) or Arrival(
        pk=new_id(),
        link=link,
        meeting_id=link.meeting_id,
        group_id=link.group_id,
        device_hash=rules.device_mark(_BY_HAND, link.pk),
        arrived_at=now,
        due_on=link.due_on,
    )
    row.state, row.decided_at = ArrivalState.ADMITTED, now
    row.inside_at = row.inside_at or now
    row.save()


@action("meetings.door.untick")
def untick(*, by: str, group_id: str, meeting_id: str, member_id: str, now: datetime) -> None:
    """The tick was a mistake, so nothing of it is kept; whoever came with their own phone waits again.

    :raises NotHere: they are not inside. :raises Refused: the meeting is not running.
    """
    meeting = _running(group_id, meeting_id)
    link = _link(meeting, member_id)
    row = None if link is None else link.arrivals.filter(state=ArrivalState.ADMITTED).first()
    if link is None or row is None:
        raise NotHere
    if bytes(row.device_hash) == rules.device_mark(_BY_HAND, link.pk):
        row.delete()
    else:
        row.state, row.inside_at, row.decided_at = ArrivalState.WAITING, None, now
        row.save(update_fields=["state", "inside_at", "decided_at"])
    ledger.record(by=by, about=link.pk, at=now)


def _running(group_id: str, meeting_id: str) -> Meeting:
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state not in _RUNNING:
        raise Refused(_("This meeting is not taking people in now."))
    return meeting


def _link(meeting: Meeting, member_id: str) -> PersonalLink | None:
    return meeting.links.select_for_update().filter(member_id=member_id, revoked_at__isnull=True).first()
