"""What is asked beyond the least, and whether anybody reads it (REG4, REG5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.models import ExtraField
from circlekeeper.foundation.memo import remembered


@dataclass(frozen=True, slots=True)
class ExtraFacts:
    """One question about health or the law. ``asked``: approved and on. ``unread``: nobody read an answer for a cycle."""

    name: str
    label: str
    purpose: str
    basis: str
    readers: str
    asked: bool
    asked_by: str
    unread: bool


def extra_fields(group_id: str, now: datetime) -> list[ExtraFacts]:
    """Everything asked or proposed now. A group whose level has become low asks nothing any more."""
    group = groups.group(group_id)
    if not rules.may_ask_extra(group.level):
        return []
    rows = ExtraField.objects.filter(group_id=group_id, ended_at__isnull=True).order_by("name")
    today = now.astimezone(group.zone).date()
    return [
        ExtraFacts(
            name=row.name,
            label=rules.EXTRA[row.name],
            purpose=row.purpose,
            basis=row.basis,
            readers=rules.EXTRA_READERS,
            asked=row.approved_at is not None,
            asked_by=row.asked_by,
            unread=row.approved_at is not None
            and rules.unread(since=row.approved_at.date(), read_on=row.read_on, today=today),
        )
        for row in rows
    ]


@remembered("joining_extrafield", "groups_group", across_pages=True)
def asked_fields(group_id: str) -> dict[str, str]:
    """The questions that are really asked, each with what it is for."""
    if not rules.may_ask_extra(groups.group(group_id).level):
        return {}
    rows = ExtraField.objects.filter(group_id=group_id, ended_at__isnull=True, approved_at__isnull=False)
    return dict(rows.order_by("name").values_list("name", "purpose"))


def groups_with_unread(group_ids: Iterable[str], now: datetime) -> list[str]:
    """Those of these groups that ask something nobody has read for a cycle."""
    rows = ExtraField.objects.filter(
        group_id__in=list(group_ids), ended_at__isnull=True, approved_at__isnull=False
    )
    found = {
        row.group_id
        for row in rows
        if row.approved_at and rules.unread(since=row.approved_at.date(), read_on=row.read_on, today=now.date())
    }
    return sorted(found)
