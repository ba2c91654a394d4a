"""Small rooms that are open, and when each is to be looked into."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import rules
from circlekeeper.areas.ballots.models import Room
from circlekeeper.areas.meetings.sources import Line


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """One open room. ``stays``: the person who stays in it; ``visit_by``: when somebody has to look in, if nobody does."""

    id: str
    number: int
    stays: str
    visited_at: datetime | None
    visit_by: datetime | None
    late: bool


def open_rooms(*, group_id: str, meeting_id: str, now: datetime) -> list[RoomFacts]:
    """The small rooms that are open, in one query."""
    rows = Room.objects.filter(group_id=group_id, meeting_id=meeting_id, closed_at__isnull=True)
    return [_facts(row, now) for row in rows.annotate(seen=Max("visits__at")).order_by("number")]


def _facts(row: Room, now: datetime) -> RoomFacts:
    seen: datetime | None = row.seen  # type: ignore[attr-defined]
    due = None if row.stays else (seen or row.opened_at) + rules.VISIT_EVERY
    return RoomFacts(row.pk, row.number, row.stays, seen, due, due is not None and now >= due)


def late_rooms(*, group_id: str, meeting_id: str, now: datetime) -> list[Line]:
    """Rooms that nobody looked into for too long, for the cockpit."""
    url = reverse("ballots:rooms", args=[group_id, meeting_id])
    return [
        Line(
            _("Look into small room %(number)d now.") % {"number": each.number},
            met=False,
            url=url,
            press=_("Small rooms"),
        )
        for each in open_rooms(group_id=group_id, meeting_id=meeting_id, now=now)
        if each.late
    ]
