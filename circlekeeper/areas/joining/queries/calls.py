"""Times for a short call, as the clock shows them where the group is."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.models import Application, CallSlot, State
from circlekeeper.areas.joining.queries.ways import way
from circlekeeper.foundation.errors import NotHere


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """One time. ``member_id`` is empty while nobody chose it. ``words``: day, time and zone of the group."""

    id: str
    starts_at: datetime
    words: str
    offered_by: str
    application_id: str
    member_id: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What an applicant may choose from, and what they chose."""

    free: tuple[SlotFacts, ...]
    chosen: SlotFacts | None


def slots(group_id: str, now: datetime) -> list[SlotFacts]:
    """Every time that is still to come, the next one first."""
    rows = CallSlot.objects.filter(group_id=group_id, starts_at__gt=now).select_related("application")
    zone = groups.group(group_id).zone
    return [_facts(each, zone) for each in rows.order_by("starts_at", "pk")]


def choice(*, group_id: str, member_id: str, now: datetime) -> Choice:
    """For somebody who waits to be called; a time two people offer is shown once.

    :raises NotHere: they wait for no call.
    """
    waiting = Application.objects.filter(group_id=group_id, member_id=member_id, state=State.OPEN).first()
    if waiting is None or waiting.call == "yes" or not rules.calls_first(way(group_id).path):
        raise NotHere
    ahead = slots(group_id, now)
    free = {each.starts_at: each for each in reversed(ahead) if not each.member_id}
    chosen = next((each for each in ahead if each.application_id == waiting.pk), None)
    return Choice(tuple(free[moment] for moment in sorted(free)), chosen)


def _facts(row: CallSlot, zone: ZoneInfo) -> SlotFacts:
    local = row.starts_at.astimezone(zone)
    return SlotFacts(
        id=row.pk,
        starts_at=row.starts_at,
        words=f"{date_format(local, 'l j F Y, H:i')} ({local.tzname()})",
        offered_by=row.offered_by,
        application_id=row.application_id or "",
        member_id=row.application.member_id if row.application else "",
    )
