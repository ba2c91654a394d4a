"""What this room puts on a member's own page."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.areas.venues import rules
from circlekeeper.areas.venues.queries.places import told


def own_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """Where the next meeting is, for a member who may come, when it is near (FMT1)."""
    meeting = meetings.next_for_member(group_id=group_id, now=now)
    if meeting is None or not meeting.in_a_room:
        return []
    if roster.why_no_link(group_id=group_id, member_id=member_id):
        return []
    if now < meeting.starts_at - meetings.place_told_before(group_id):
        return []
    found = told(group_id=group_id, series_id=meeting.series_id)
    place = (
        [Slot(_("Where it is"), _("%(place)s. Please do not pass this on.") % {"place": found})] if found else []
    )
    word = rules.code_word(meeting.id, member_id)
    text = _("Somebody there may have the same name as you. If you are asked, say “%(word)s”.") % {"word": word}
    return [*place, Slot(_("Your word at the door"), text)]
