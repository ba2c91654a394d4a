"""Rows that several actions take, locked for the rest of the transaction."""

from circlekeeper.areas.meetings.models import Meeting
from circlekeeper.foundation.errors import NotHere


def meeting(group_id: str, meeting_id: str) -> Meeting:
    """One meeting of this group.

    :raises NotHere: this group has no such meeting.
    """
    found = Meeting.objects.select_for_update().filter(pk=meeting_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    return found
