"""How a group's keys stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from circlekeeper.areas.leaders.models import KeyChange
from circlekeeper.foundation.vault import groupkeys

CHANGE_WITHIN = timedelta(hours=24)
"""How long a group may go on with keys that somebody who left has seen."""


@dataclass(frozen=True, slots=True)
class KeyChangeFacts:
    """A change of keys that is under way or done; ``stuck``: records that opened with none of the group's keys."""

    began_at: datetime
    total: int
    seen: int
    stuck: int
    finished_at: datetime | None


def due_since(group_ids: Iterable[str]) -> dict[str, datetime]:
    """Groups whose keys are to be changed, or whose change was cut off, with the moment since when."""
    wanted = list(group_ids)
    unfinished = KeyChange.objects.filter(group_id__in=wanted, finished_at__isnull=True)
    found = dict(unfinished.values_list("group_id", "began_at"))
    for group_id, at in groupkeys.rotation_due_since(wanted).items():
        found[group_id] = min(at, found.get(group_id, at))
    return found


def key_change(group_id: str) -> KeyChangeFacts | None:
    """The change of keys that is under way, or None."""
    return _facts(KeyChange.objects.filter(group_id=group_id, finished_at__isnull=True).first())


def last_change(group_id: str) -> KeyChangeFacts | None:
    """The newest change of keys, finished or not, or None."""
    return _facts(KeyChange.objects.filter(group_id=group_id).order_by("-version").first())


def _facts(row: KeyChange | None) -> KeyChangeFacts | None:
    if row is None:
        return None
    return KeyChangeFacts(row.began_at, row.total, row.seen, row.stuck, row.finished_at)
