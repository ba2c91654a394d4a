"""Sharing a screen: off, until a host lets one person do it once (TEC6). The log names links, never members."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Format, MeetingState
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused


@action("meetings.share.grant")
def grant_share(*, by: str, group_id: str, arrival_id: str, now: datetime) -> None:
    """One person inside may share their screen, until a host ends it; whoever could before cannot any more.

    An outside service has to be told by hand; ``queries.sharing`` is what a way in that can be told goes by.

    :raises NotHere: no such arrival. :raises Refused: they are not inside, or the meeting is in a room or over.
    """
    arrival = _arrival(group_id, arrival_id)
    meeting = arrival.link.meeting
    if meeting.state not in (MeetingState.DOORS, MeetingState.LOCKED) or meeting.series.format != Format.ONLINE:
        raise Refused(_("Nobody can share a screen now."))
    if arrival.state != ArrivalState.ADMITTED:
        raise Refused(_("They are not inside."))
    Arrival.objects.filter(meeting_id=meeting.pk, shares_at__isnull=False).update(shares_at=None)
    Arrival.objects.filter(pk=arrival.pk).update(shares_at=now, decided_at=now)
    ledger.record(by=by, about=arrival.link_id, at=now)


@action("meetings.share.end")
def end_share(*, by: str, group_id: str, arrival_id: str, now: datetime) -> None:
    """The share is over.

    :raises NotHere: this person may not share.
    """
    arrival = _arrival(group_id, arrival_id)
    if arrival.shares_at is None:
        raise NotHere
    Arrival.objects.filter(pk=arrival.pk).update(shares_at=None, decided_at=now)
    ledger.record(by=by, about=arrival.link_id, at=now)


def _arrival(group_id: str, arrival_id: str) -> Arrival:
    found = (
        Arrival.objects.select_related("link__meeting__series").filter(pk=arrival_id, group_id=group_id).first()
    )
    if found is None:
        raise NotHere
    return found
