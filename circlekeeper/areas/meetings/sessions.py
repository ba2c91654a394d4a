"""One meeting as its provider is told about it."""

from django.conf import settings

from circlekeeper.areas.meetings import provider, sealing
from circlekeeper.areas.meetings.models import ELSEWHERE, Connection, Meeting, Setup
from circlekeeper.areas.meetings.provider import Session, Wanted
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.errors import NotHere

_SPARE = 10  # places beyond the members, for those who run the meeting and whoever comes back on a second device


def session_of(meeting: Meeting) -> Session:
    """The session of a meeting online; its series has to be beside it (``select_related``).

    :raises NotHere: it is not online, the series leads nowhere any more, or its service is not connected.
    """
    series = meeting.series
    if series.format not in ELSEWHERE:
        raise NotHere
    setup = Setup.objects.filter(meeting=meeting).first()
    return Session(
        meeting_id=meeting.pk,
        room=setup.room if setup else meeting.pk,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        wanted=wanted(meeting.group_id),
        connected=connected(meeting.group_id, series.provider),
        address=sealing.open_address(series) if series.sealed_address is not None else "",
        remote=sealing.open_remote(setup, meeting.group_id) if setup else {},
        hook=hook(meeting.group_id, series.provider),
    )


def connected(group_id: str, name: str) -> dict[str, str]:
    """What was entered for a service; nothing for one that needs nothing.

    :raises NotHere: it has to be connected, and is not.
    """
    if not provider.provider(name).settings:
        return {}
    found = Connection.objects.filter(group_id=group_id, provider=name).first()
    if found is None:
        raise NotHere
    return sealing.open_settings(found)


def hook(group_id: str, name: str) -> str:
    """Where a connected service may call us; empty: it is not connected."""
    found = Connection.objects.filter(group_id=group_id, provider=name).values_list("pk", flat=True).first()
    return f"{settings.PUBLIC_URL}/hooks/{found}/" if found else ""


def wanted(group_id: str) -> Wanted:
    """What a meeting of this group needs, as its level says it."""
    asked = safeguards.settings_for(group_id)
    return Wanted(
        recording_off=True,
        private_chat_off=asked.value("private-chat") == "off",
        breakouts_off=asked.value("small-rooms") == "one-each",
        people=len(roster.active_ids(group_id)) + _SPARE,
        lock_after=asked.number("lock-after"),
    )
