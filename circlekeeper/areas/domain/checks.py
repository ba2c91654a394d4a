"""What this room can say about a group's own domain (TEC14)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.domain import queries
from circlekeeper.areas.domain.rules import Part, State
from circlekeeper.areas.safeguards.evidence import Evidence, Finding, Question, evidence


@evidence("domain-healthy/records")
def the_public_records_were_read(ask: Question) -> Finding:
    """Met only when every part was looked at and answered well; one silence makes it unknown."""
    if queries.domain(ask.group_id) is None:
        return Finding.unknown(_("Nobody has told which web address is the group's own."))
    found = queries.looks(ask.group_id)
    lacking = sum(each.state == State.LACKING for each in found.values())
    if lacking:
        words = ngettext("%(n)d part of it is lacking.", "%(n)d parts of it are lacking.", lacking)
        return Finding.not_met(words % {"n": lacking}, evidence=Evidence.READ_BACK, checked_at=_oldest(found))
    good = sum(each.state == State.GOOD for each in found.values())
    silent = len(Part) - good
    if silent:
        words = ngettext("%(n)d part of it is not known.", "%(n)d parts of it are not known.", silent)
        return Finding.unknown(words % {"n": silent}, evidence=Evidence.READ_BACK)
    return Finding.met(
        _("Every public record of it is as it should be."), evidence=Evidence.READ_BACK, checked_at=_oldest(found)
    )


def _oldest(found: dict[str, queries.LookFacts]) -> datetime:
    return min(each.looked_at for each in found.values())
