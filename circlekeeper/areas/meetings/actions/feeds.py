"""A member's own calendar address: made on their page, shown once, ended by them or when they leave."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import Feed
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id


@action("meetings.feed.make")
def make_feed(*, by: str, group_id: str, now: datetime) -> str:
    """Make a member (``by``) a calendar address and return its token; the one before it stops working.

    :raises Refused: they do not take part.
    """
    if roster.member(group_id=group_id, member_id=by).state != "member":
        raise Refused(_("There is no calendar for you now."))
    token = new_id()
    Feed.objects.filter(member_id=by).delete()
    made = Feed.objects.create(
        pk=new_id(),
        member_id=by,
        group_id=group_id,
        token_hash=rules.feed_hash(token),
        made_on=now.astimezone(groups.group(group_id).zone).date(),
    )
    ledger.record(by="member", about=made.pk, at=now)
    return token


@action("meetings.feed.end")
def end_feed(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """End a member's calendar address: they asked, they left, or they were forgotten."""
    Feed.objects.filter(member_id=member_id, group_id=group_id).delete()
    ledger.record(by=by, about=member_id, at=now)
