"""Lists between upload and confirmation, and lists brought in before."""

import json
from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import BroughtList, ListDraft
from circlekeeper.areas.roster.rules.lists import Layout, Table, Target
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import envelope
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A list as it was read, and what was chosen for its columns so far."""

    id: str
    table: Table
    goes: dict[int, Target]


@dataclass(frozen=True, slots=True)
class BroughtFacts:
    """A list that was brought in."""

    id: str
    layout: str
    people: int
    by: str
    at: datetime
    file_gone_by: str
    file_gone_at: datetime | None


def draft_table(*, ring: KeyRing, group_id: str) -> DraftTable:
    """The list this person is bringing in.

    :raises NotHere: there is none, or it was sealed by other keys.
    """
    row = ListDraft.objects.filter(person_id=ring.person_id, group_id=group_id).order_by("-made_at").first()
    if row is None:
        raise NotHere
    try:
        plain = envelope.unseal(
            sealing.draft_key(ring, row.pk), bytes(row.sealed), sealing.draft_place(row.pk, group_id)
        )
    except envelope.SealBroken:
        raise NotHere from None
    held = json.loads(plain)
    table = Table(Layout(held["layout"]), tuple(held["headers"]), tuple(tuple(cells) for cells in held["rows"]))
    return DraftTable(row.pk, table, {int(at): Target(target) for at, target in held["goes"].items()})


def brought_lists(group_id: str) -> list[BroughtFacts]:
    """Lists brought in, newest first."""
    rows = BroughtList.objects.filter(group_id=group_id).order_by("-at", "pk")
    return [
        BroughtFacts(*row)
        for row in rows.values_list("pk", "layout", "people", "by", "at", "file_gone_by", "file_gone_at")
    ]
