"""A named person's word about settings that no service shows (LOW2, TEC3)."""

from collections.abc import Mapping
from datetime import datetime

from circlekeeper.areas.meetings import queries
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.models import MeetingState, Told
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ids import new_id

_OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)


@action("meetings.setting.tell")
def tell_settings(
    *, by: str, group_id: str, meeting_id: str, said: Mapping[tuple[str, str], bool], now: datetime
) -> None:
    """Write down what a person saw: (control, setting) -> whether it is as it should be. What nobody asks is left out.

    A word about the whole account counts at every meeting there until it ends; any other at this meeting only.

    :raises NotHere: there is no such meeting, or it is over.
    """
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state in _OVER:
        raise NotHere
    Told.objects.bulk_create(
        Told(
            pk=new_id(),
            group_id=group_id,
            provider=meeting.held_at,
            meeting=None if each.account else meeting,
            control=each.control,
            setting=each.setting,
            holds=said[each.control, each.setting],
            by=by,
            at=now,
            until=now + each.lasts,
        )
        for each in queries.asked_of_people(meeting_id, now=now)
        if (each.control, each.setting) in said
    )
    ledger.record(by=by, about=meeting.pk, at=now)
