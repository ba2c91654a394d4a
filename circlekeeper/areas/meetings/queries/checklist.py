"""What stands between a planned meeting and its open doors."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from circlekeeper.areas.meetings.models import Answer, Host, PersonalLink


@dataclass(frozen=True, slots=True)
class Helper:
    """Someone who carries a part of a meeting. ``stands_in_for``: the person they took it from, who is not here."""

    person_id: str
    part: str
    confirmed_at: datetime | None
    absent: bool
    stands_in_for: str


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """The newest answer to one point of the checklist."""

    point: str
    evidence: str
    holds: bool
    by: str
    at: datetime


def helpers(meeting_id: str) -> list[Helper]:
    """Who carries which part."""
    rows = Host.objects.filter(meeting_id=meeting_id).order_by("part", "pk")
    return [
        Helper(person, part, confirmed, absent is not None, instead)
        for person, part, confirmed, absent, instead in rows.values_list(
            "person_id", "part", "confirmed_at", "absent_at", "stands_in_for"
        )
    ]


def answers(meeting_id: str) -> dict[str, PointAnswer]:
    """The newest answer to each point of the checklist; of two at the same moment, the worse one."""
    rows = Answer.objects.filter(meeting_id=meeting_id).order_by("at", "-holds", "pk")
    return {
        point: PointAnswer(point, evidence, holds, by, at)
        for point, evidence, holds, by, at in rows.values_list("point", "evidence", "holds", "by", "at")
    }


def links_offered(meeting_id: str) -> dict[str, int]:
    """How many live links each member has for a meeting: ``{member id: count}``."""
    rows = PersonalLink.objects.filter(meeting_id=meeting_id, revoked_at__isnull=True)
    return dict(rows.values_list("member_id").annotate(links=Count("pk")))
