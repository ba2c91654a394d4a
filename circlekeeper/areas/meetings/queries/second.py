"""The second place of a series (FMT14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings.models import SecondPlace


@dataclass(frozen=True, slots=True)
class SecondFacts:
    """Where a series meets if its service is gone. ``tried_at`` None: nobody has tried it, so nothing moves there."""

    provider: str
    title: str
    tried_at: datetime | None
    tried_by: str


def second_place(series_id: str) -> SecondFacts | None:
    """The second place of a series; None: nobody chose one."""
    return second_places([series_id]).get(series_id)


def second_places(series_ids: Sequence[str]) -> dict[str, SecondFacts]:
    """The second places of these series, by series; who has none is absent. One query."""
    titles = {each.name: each.title for each in provider.providers()}
    return {
        row.series_id: SecondFacts(
            row.provider, titles.get(row.provider, row.provider), row.tried_at, row.tried_by
        )
        for row in SecondPlace.objects.filter(series_id__in=series_ids)
    }
