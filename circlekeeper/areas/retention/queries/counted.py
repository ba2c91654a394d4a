"""What a statement of readiness may count here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.retention.models import Certificate
from circlekeeper.areas.safeguards.sources import Fact

_YEAR = timedelta(days=365)


def counted(group_id: str, now: datetime) -> Sequence[Fact]:
    """How many records were destroyed on their day in the twelve months before, each with a certificate."""
    rows = Certificate.objects.filter(group_id=group_id, destroyed_at__gt=now - _YEAR, destroyed_at__lte=now)
    gone = rows.aggregate(records=Sum("count"))["records"] or 0
    return [Fact(_("Records destroyed in twelve months when their day came, each with a certificate"), gone)]
