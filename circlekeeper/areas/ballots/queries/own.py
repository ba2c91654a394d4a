"""What this room puts on a member's own page."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.ballots.queries.keepsakes import keepsakes
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Slot

NEWEST = 2


def own_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """The newest summaries, for those who take part."""
    found = [each for each in keepsakes(group_id=group_id, now=now) if each.kind == "summary"][:NEWEST]
    if not found or roster.member(group_id=group_id, member_id=member_id).state not in ("member", "paused"):
        return []
    return [
        Slot(
            _("What was said, in short"),
            _("Without names. Destroyed on %(day)s.") % {"day": roster.day_words(each.due_on)},
            reverse("my-said", args=[each.id]),
            _("Read it"),
        )
        for each in found
    ]
