"""Personal links: one per member and meeting, given only to that member (TEC4, FMT5, KIT5)."""

from datetime import date, datetime

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Meeting, MeetingState, PersonalLink
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id


@action("meetings.links.make")
def make_links(*, by: str, group_id: str, meeting_id: str, now: datetime) -> int:
    """Give every active member one link, waiting on their own page; returns how many were made.

    Nobody knows a token until its member asks for it on their own page, so there is nothing to forward by mistake.
    """
    meeting = _meeting(group_id, meeting_id)
    have = set(meeting.links.filter(revoked_at__isnull=True).values_list("member_id", flat=True))
    due = safeguards.due_on(group_id=group_id, record="attendance", start=meeting.local_on)
    missing = [member for member in roster.active_ids(group_id) if member not in have]
    PersonalLink.objects.bulk_create(_link(meeting, member, due, now) for member in missing)
    ledger.record(by=by, about=meeting.pk, at=now)
    return len(missing)


@action("meetings.link.give")
def give_link(*, by: str, group_id: str, meeting_id: str, now: datetime) -> str:
    """A member asks for their link: returns a fresh token, and the one before it stops working. ``by`` is the member.

    :raises Refused: the meeting is over, or the member may not come (not active, agreements not signed).
    """
    meeting = _meeting(group_id, meeting_id)
    if meeting.state in (MeetingState.CLOSED, MeetingState.CANCELLED):
        raise Refused("This meeting is over.")
    refusal = roster.why_no_link(group_id=group_id, member_id=by)
    if refusal:
        raise Refused(refusal)
    token = new_id()
    link = meeting.links.select_for_update().filter(member_id=by, revoked_at__isnull=True).first()
    if link is None:
        due = safeguards.due_on(group_id=group_id, record="attendance", start=meeting.local_on)
        link = _link(meeting, by, due, now)
    link.token_hash, link.device_hash = rules.token_hash(token), None
    link.offered_how, link.offered_at = "own-page", now
    link.save()
    # Whoever came with the link before no longer counts as being here.
    Arrival.objects.filter(link=link).exclude(state=ArrivalState.REMOVED).update(state=ArrivalState.LEFT)
    ledger.record(by="member", about=link.pk, at=now)
    return token


@action("meetings.links.revoke")
def revoke_links(*, by: str, group_id: str, member_id: str, now: datetime) -> int:
    """End every live link of one member (they left, or were asked to leave)."""
    live = PersonalLink.objects.filter(group_id=group_id, member_id=member_id, revoked_at__isnull=True)
    count = live.update(revoked_at=now)
    ledger.record(by=by, about=member_id, at=now)
    return count


def _meeting(group_id: str, meeting_id: str) -> Meeting:
    meeting = Meeting.objects.select_for_update().filter(pk=meeting_id, group_id=group_id).first()
    if meeting is None:
        raise NotHere
    return meeting


def _link(meeting: Meeting, member_id: str, due_on: date, now: datetime) -> PersonalLink:
    return PersonalLink(
        pk=new_id(),
        meeting=meeting,
        group_id=meeting.group_id,
        member_id=member_id,
        token_hash=rules.token_hash(new_id()),
        offered_how="own-page",
        offered_at=now,
        due_on=due_on,
    )
