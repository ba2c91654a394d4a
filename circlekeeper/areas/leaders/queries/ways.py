"""Who is on their way back in, and from when the door is open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import QuerySet

from circlekeeper.areas.leaders.models import OfflineKit, Recovery, RecoveryKind
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import MACHINE, Permission, grants
from circlekeeper.foundation.vault import groupkeys

WAIT = timedelta(hours=24)
"""How long the others have to stop somebody who comes back."""
LASTS = timedelta(days=7)
"""How long the door stays open after the wait."""


@dataclass(frozen=True, slots=True)
class WayFacts:
    """Somebody who is coming back. ``group_id``: the group it is about, or one where they help."""

    id: str
    person_id: str
    group_id: str
    began_by: str
    opens_at: datetime
    kind: str

    @property
    def by_papers(self) -> bool:
        """Whether they come with two of the group's papers."""
        return self.kind == RecoveryKind.PAPERS


def way_of(person_id: str, *, now: datetime) -> WayFacts | None:
    """The way back of this person that is under way, or None."""
    row = _open(now).filter(person_id=person_id).first()
    return None if row is None else _facts(row)


def ways_back(group_ids: Iterable[str], *, now: datetime) -> list[WayFacts]:
    """Everyone of these groups' teams who is coming back, first come first, each with one of these groups. Two queries."""
    teams = accounts.teams(group_ids)
    rows = _open(now).filter(person_id__in=teams).order_by("began_at", "pk")
    return [replace(_facts(row), group_id=teams[row.person_id]) for row in rows]


def kit_stands(group_id: str) -> bool | None:
    """Whether the group's papers fit its keys of today; None if it has no papers."""
    version = OfflineKit.objects.filter(group_id=group_id).values_list("version", flat=True).first()
    return None if version is None else version == groupkeys.current_version(group_id)


def papers_too_old(group_ids: Iterable[str]) -> list[str]:
    """Groups whose papers were made for keys that were replaced since; in two queries."""
    made = dict(OfflineKit.objects.filter(group_id__in=list(group_ids)).values_list("group_id", "version"))
    newest = groupkeys.current_versions(made)
    return sorted(group_id for group_id, version in made.items() if version != newest.get(group_id))


def why_not_let_in(*, by: str, person_id: str) -> bool:
    """Whether ``by`` may not let this person back in: they answer for every group whose powers would come back."""
    if by == person_id:
        return True
    places, own = accounts.roles_of(person_id), accounts.roles_of(by)
    return not places or any(
        place == MACHINE or not grants(own.get(place, frozenset()), Permission.KEYS_CHANGE) for place in places
    )


def _open(now: datetime) -> "QuerySet[Recovery]":
    return Recovery.objects.filter(over_at__isnull=True, opens_at__gt=now - LASTS)


def _facts(row: Recovery) -> WayFacts:
    return WayFacts(row.pk, row.person_id, row.group_id, row.began_by, row.opens_at, row.kind)
