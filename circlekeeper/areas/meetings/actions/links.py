"""Personal links: one per member and meeting, given only to that member (TEC4, FMT5, KIT5)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Meeting, MeetingState, PersonalLink
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id

_OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)
# Where a member finds their link; there is no other way yet.
OWN_PAGE = "own-page"


@action("meetings.links.make")
def make_links(*, by: str, group_id: str, meeting_id: str, now: datetime) -> int:
    """Give every active member one link, waiting on their own page, and end those of people who are none; returns how many.

    Nobody knows a token until its member asks for it on their own page, so there is nothing to forward by mistake.

    :raises Refused: the meeting is over.
    """
    meeting = _coming(group_id, meeting_id)
    active = roster.active_ids(group_id)
    live = meeting.links.filter(revoked_at__isnull=True)
    live.exclude(member_id__in=active).update(revoked_at=now)
    missing = active - set(live.values_list("member_id", flat=True))
    due = due_of(meeting)
    PersonalLink.objects.bulk_create(new_link(meeting, member, due, now) for member in sorted(missing))
    ledger.record(by=by, about=meeting.pk, at=now)
    return len(missing)


@action("meetings.link.give")
def give_link(*, by: str, group_id: str, meeting_id: str, now: datetime) -> str:
    """A member asks for their link: returns a fresh token, and the one before it stops working. ``by`` is the member.

    :raises Refused: the meeting is over, the group is not open, or the member may not come (on a pause, promise not made).
    """
    meeting = _coming(group_id, meeting_id)
    if not groups.group(group_id).is_open:
        raise Refused(_("This group is closed."))
    refusal = roster.why_no_link(group_id=group_id, member_id=by)
    if refusal:
        raise Refused(refusal)
    token = new_id()
    link = meeting.links.select_for_update().filter(member_id=by, revoked_at__isnull=True).first()
    if link is None:
        link = new_link(meeting, by, due_of(meeting), now)
    link.token_hash, link.device_hash = rules.token_hash(token), None
    link.offered_how, link.offered_at = OWN_PAGE, now
    link.save()
    # Whoever came with the link before no longer counts as being here; whoever was sent away stays so.
    Arrival.objects.filter(link=link).exclude(state=ArrivalState.REMOVED).update(
        state=ArrivalState.LEFT, decided_at=now
    )
    ledger.record(by="member", about=link.pk, at=now)
    return token


@action("meetings.links.revoke")
def revoke_links(*, by: str, group_id: str, member_id: str, now: datetime) -> int:
    """End every live link of one member (they left, or were asked to); returns how many. Nobody stays inside with one."""
    live = PersonalLink.objects.filter(group_id=group_id, member_id=member_id, revoked_at__isnull=True)
    count = live.update(revoked_at=now)
    Arrival.objects.filter(group_id=group_id, link__member_id=member_id).exclude(
        state=ArrivalState.REMOVED
    ).update(state=ArrivalState.LEFT, decided_at=now)
    ledger.record(by=by, about=member_id, at=now)
    return count


@action("meetings.links.revoke-all")
def revoke_all_links(*, by: str, group_id: str, now: datetime) -> int:
    """End every live link of a group, whoever holds it; returns how many. Each member gets a new one on their own page."""
    count = PersonalLink.objects.filter(group_id=group_id, revoked_at__isnull=True).update(revoked_at=now)
    Arrival.objects.filter(group_id=group_id).exclude(state=ArrivalState.REMOVED).update(
        state=ArrivalState.LEFT, decided_at=now
    )
    ledger.record(by=by, about=group_id, at=now)
    return count


@action("meetings.links.recall")
def recall_links(*, by: str, group_id: str, member_ids: Iterable[str], now: datetime) -> int:
    """End these members' links to meetings whose doors are still closed; returns how many. Each may ask for a new one
    on their own page once they have answered. A meeting that is running goes on as it began (CON2).
    """
    live = PersonalLink.objects.filter(
        group_id=group_id,
        member_id__in=list(member_ids),
        revoked_at__isnull=True,
        meeting__state=MeetingState.PLANNED,
    )
    count = live.update(revoked_at=now)
    ledger.record(by=by, about=group_id, at=now)
    return count


def _coming(group_id: str, meeting_id: str) -> Meeting:
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state in _OVER:
        raise Refused(_("This meeting is over."))
    return meeting


def due_of(meeting: Meeting) -> date:
    """When links and arrivals of a meeting are gone at the latest."""
    return safeguards.due_on(group_id=meeting.group_id, record="attendance", start=meeting.local_on)


def new_link(meeting: Meeting, member_id: str, due_on: date, now: datetime) -> PersonalLink:
    """A link not saved yet. Its token is known to nobody."""
    return PersonalLink(
        pk=new_id(),
        meeting=meeting,
        group_id=meeting.group_id,
        member_id=member_id,
        # Nobody holds this token; the member's own comes with ``give_link``.
        token_hash=rules.token_hash(new_id()),
        offered_how=OWN_PAGE,
        offered_at=now,
        due_on=due_on,
    )
