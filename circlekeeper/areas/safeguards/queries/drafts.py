"""Groups being set up."""

from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.safeguards.models import Draft
from circlekeeper.foundation.errors import NotHere


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """The answers given so far, and the step to go on with."""

    id: str
    answers: dict[str, str]
    step: int
    changed_at: datetime


def draft(*, person_id: str, draft_id: str) -> DraftFacts:
    """One's own draft.

    :raises NotHere: there is none, or it is somebody else's.
    """
    row = Draft.objects.filter(pk=draft_id, person_id=person_id).first()
    if row is None:
        raise NotHere
    return _facts(row)


def drafts_of(person_id: str) -> list[DraftFacts]:
    """One's own unfinished drafts, the last one touched first."""
    rows = Draft.objects.filter(person_id=person_id).order_by("-changed_at", "pk")
    return [_facts(row) for row in rows]


def _facts(row: Draft) -> DraftFacts:
    return DraftFacts(row.pk, dict(row.answers), row.step, row.changed_at)
