"""What a board or a funder may read about a group (WHY4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.safeguards import sources
from circlekeeper.areas.safeguards.evidence import Evidence
from circlekeeper.areas.safeguards.models import Statement
from circlekeeper.areas.safeguards.queries.findings import CheckFinding
from circlekeeper.areas.safeguards.queries.posture import posture
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.playbook import Mode

_BINDING = frozenset({Mode.REQUIRED.value, Mode.LOCKED.value})
_A_WORD = frozenset({Evidence.ATTESTED})

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """A statement as it is read: title and words of each line. ``missing``: titles of what is required and does not hold."""

    id: str
    level: str
    standing: Lines
    counted: Lines
    missing: tuple[str, ...]
    made_at: datetime


def readiness_now(group_id: str, now: datetime) -> Readiness:
    """What could be stated at this moment.

    :raises NotHere: there is no such group.
    """
    where = posture(group_id, now)
    required = [each.worst for each in where.findings if each.worst.mode in _BINDING]
    counted = tuple((str(fact.title), fact.words) for fact in sources.facts(group_id, now))
    missing = tuple(check.title for check in required if not check.met and not check.waived_until)
    return Readiness("", where.level, _standing(required), counted, missing, now)


def _standing(required: Sequence[CheckFinding]) -> Lines:
    met = [check for check in required if check.met]
    word = sum(check.evidence in _A_WORD for check in met)
    aside = sum(bool(check.waived_until) and not check.met for check in required)
    lines = (
        (_("Asked for at this level"), len(required)),
        (_("Held by the software, or read from its records and services"), len(met) - word),
        (_("Confirmed by a named person, with a date"), word),
        (_("Set aside for a time by two people"), aside),
        (_("Not as it should be"), len(required) - len(met) - aside),
    )
    return tuple((title, str(count)) for title, count in lines)


def statements(group_id: str) -> list[Readiness]:
    """Every statement made of a group, newest first."""
    return [_facts(row) for row in Statement.objects.filter(group_id=group_id).order_by("-made_at", "pk")]


def statement(*, group_id: str, statement_id: str) -> Readiness:
    """One statement of this group.

    :raises NotHere: there is none.
    """
    row = Statement.objects.filter(group_id=group_id, pk=statement_id).first()
    if row is None:
        raise NotHere
    return _facts(row)


def _facts(row: Statement) -> Readiness:
    standing, counted = (tuple((title, words) for title, words in part) for part in row.said)
    return Readiness(row.pk, row.level, standing, counted, tuple(row.missing), row.made_at)
