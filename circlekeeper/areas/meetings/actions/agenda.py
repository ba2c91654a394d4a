"""Planning how an evening goes, and moving on in it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import queries, rules
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.models import AgendaItem, MeetingState, Progress, Series
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id


@action("meetings.agenda.plan")
def plan_agenda(
    *, by: str, group_id: str, series_id: str, items: Sequence[tuple[str, int]], now: datetime
) -> None:
    """Plan the parts of a series' evenings, as (words, minutes); without any, what the playbook proposes counts again.

    :raises NotHere: the group has no such series. :raises Refused: too many parts, or longer than the meeting.
    """
    series = Series.objects.select_for_update().filter(pk=series_id, group_id=group_id).first()
    if series is None:
        raise NotHere
    if len(items) > rules.MOST_ITEMS:
        raise Refused(_("That is a lot for one evening. Keep to twelve parts."), field="items")
    total = sum(minutes for _words, minutes in items)
    if total > series.minutes:
        raise Refused(
            _("Together this takes %(total)d minutes. The meeting lasts %(minutes)d.")
            % {"total": total, "minutes": series.minutes},
            field="items",
        )
    series.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(pk=new_id(), series=series, number=number, title=title, minutes=minutes)
        for number, (title, minutes) in enumerate(items, start=1)
    )
    ledger.record(by=by, about=series_id, at=now)


@action("meetings.agenda.move")
def move_agenda(*, by: str, group_id: str, meeting_id: str, number: int, now: datetime) -> None:
    """Go on to part ``number`` of the evening (or one back); it counts from now. One past the last: all is done.

    :raises Refused: the meeting is not running, or somebody else moved on in the meantime.
    """
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state not in (MeetingState.DOORS, MeetingState.LOCKED):
        raise Refused(_("This meeting is not running."))
    found = queries.agenda(queries.meeting(group_id=group_id, meeting_id=meeting_id))
    if number not in (found.now - 1, found.now + 1) or not 1 <= number <= len(found.items) + 1:
        raise Refused(_("Somebody moved on in the meantime. Look where you are now."))
    Progress.objects.update_or_create(
        meeting=meeting,
        defaults={"number": number, "since": now},
        create_defaults={"number": number, "since": now},
    )
    ledger.record(by=by, about=meeting.pk, at=now)
