"""What this room can say about forgetting."""

from datetime import timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.retention import queries
from circlekeeper.areas.safeguards.evidence import Finding, Question, evidence

LATE = timedelta(days=2)


@evidence("daily-deletion-running")
def what_is_due_is_destroyed(ask: Question) -> Finding:
    """DAT7: the daily run finished within two days."""
    last = queries.last_finished()
    if last is None:
        return Finding.unknown(_("The daily run has not finished yet."))
    if ask.now - last > LATE:
        return Finding.not_met(_("The daily run has not finished for two days."), checked_at=last)
    return Finding.met(_("The daily run finished."), checked_at=last)
