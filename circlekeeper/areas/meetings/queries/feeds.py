"""When a member's meetings are, for their own calendar."""

from datetime import datetime

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import Feed, MeetingState
from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.areas.meetings.queries.schedule import coming, meeting
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.post.entries import Entry, uid_for

AT_MOST = 60
_HAVE_ENTRIES = ("member", "paused")


def has_feed(member_id: str) -> bool:
    """Whether this member has a calendar address."""
    return Feed.objects.filter(member_id=member_id).exists()


def feed(*, token: str, now: datetime) -> list[Entry]:
    """The entries behind a calendar address; none while their member is on a pause.

    :raises NotHere: the address was never one, or has ended.
    """
    found = Feed.objects.filter(token_hash=rules.feed_hash(token)).first()
    if found is None:
        raise NotHere
    state = roster.member(group_id=found.group_id, member_id=found.member_id).state
    if state not in _HAVE_ENTRIES:
        raise NotHere
    if state == "paused":
        return []
    planned = coming(group_ids=[found.group_id], now=now, limit=AT_MOST, cancelled=True)
    return [_entry(each, found.member_id) for each in planned]


def entry(*, group_id: str, member_id: str, meeting_id: str) -> Entry:
    """One meeting for a member's own calendar.

    :raises NotHere: not their group's meeting, or they do not take part.
    """
    if roster.member(group_id=group_id, member_id=member_id).state not in _HAVE_ENTRIES:
        raise NotHere
    return _entry(meeting(group_id=group_id, meeting_id=meeting_id), member_id)


def _entry(found: MeetingFacts, member_id: str) -> Entry:
    return Entry(
        uid=uid_for(owner_id=member_id, thing_id=found.id),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        cancelled=found.state == MeetingState.CANCELLED,
    )
