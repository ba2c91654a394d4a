"""What a statement of readiness may count here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.meetings.models import Meeting, MeetingState
from circlekeeper.areas.safeguards.sources import Fact

_YEAR = timedelta(days=365)


def counted(group_id: str, now: datetime) -> Sequence[Fact]:
    """How many meetings were held in the twelve months before."""
    held = Meeting.objects.filter(group_id=group_id, state=MeetingState.CLOSED, starts_at__gt=now - _YEAR)
    return [Fact(_("Meetings held in twelve months"), held.filter(starts_at__lte=now).count())]
