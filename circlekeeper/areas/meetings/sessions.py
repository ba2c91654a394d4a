"""One meeting as its provider is told about it."""

from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.models import Format, Meeting
from circlekeeper.areas.meetings.provider import Session
from circlekeeper.foundation.errors import NotHere


def session_of(meeting: Meeting) -> Session:
    """The session of a meeting online; its series has to be beside it (``select_related``).

    :raises NotHere: it is not online, or the series leads nowhere any more.
    """
    series = meeting.series
    if series.format != Format.ONLINE:
        raise NotHere
    return Session(
        meeting_id=meeting.pk,
        room=meeting.pk,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        address=sealing.open_address(series) if series.sealed_address is not None else "",
    )
