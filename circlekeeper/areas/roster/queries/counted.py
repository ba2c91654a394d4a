"""What a statement of readiness may count here."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.roster.queries import members
from circlekeeper.areas.safeguards.sources import Fact


def counted(group_id: str, now: datetime) -> Sequence[Fact]:
    """How many take part now."""
    return [Fact(_("People who take part now"), members.active_count(group_id), small_tells=True)]
