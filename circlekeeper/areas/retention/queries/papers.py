"""Certificates, holds, and what falls due next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from circlekeeper.areas.retention.models import Certificate, Hold
from circlekeeper.areas.retention.queries import walk
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger import queries as log

_WRITTEN = ("retention.forgotten.certify", "retention.rows.destroy")


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate as people and the command line see it."""

    id: str
    group_id: str
    record: str
    method: str
    count: int
    keys_destroyed: int
    keys_digest: str
    destroyed_at: datetime
    copies_gone_on: date
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold as people see it."""

    id: str
    model: str
    row_id: str
    reason: str
    until: date
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many records of one class fall due on one day."""

    record: str
    on: date
    count: int


def holds(group_id: str) -> list[HoldFacts]:
    """The holds in force in one group."""
    rows = Hold.objects.filter(group_id=group_id, released_at__isnull=True).order_by("until", "pk")
    return [HoldFacts(*row) for row in rows.values_list("pk", "model", "row_id", "reason", "until", "placed_at")]


def certificates(group_id: str | None = None, *, run_id: str | None = None) -> list[CertificateFacts]:
    """Certificates of one group or one run, newest first."""
    rows = Certificate.objects.order_by("-destroyed_at", "group_id", "record")
    if group_id is not None:
        rows = rows.filter(group_id=group_id)
    if run_id is not None:
        rows = rows.filter(run_id=run_id)
    names = CertificateFacts.__dataclass_fields__
    return [CertificateFacts(*row) for row in rows.values_list(*names)]


def certificate(number: str) -> CertificateFacts:
    """One certificate by its number, for whoever holds the number.

    :raises NotHere: there is none.
    """
    found = Certificate.objects.filter(pk=number).values_list(*CertificateFacts.__dataclass_fields__).first()
    if found is None:
        raise NotHere
    return CertificateFacts(*found)


def certificate_line(number: str) -> int:
    """The line of the log in which a certificate was written.

    :raises NotHere: there is none.
    """
    lines = log.entries_about(number, verbs=_WRITTEN)
    if not lines:
        raise NotHere
    return lines[-1].number


def ahead(group_id: str, *, now: datetime, days: int = 30) -> list[Ahead]:
    """What falls due in a group in the coming days, by class and day; counts only."""
    until = now.date() + timedelta(days=days)
    return sorted(
        (Ahead(record, on, count) for record, on, count in dates(group_id) if on is not None and on <= until),
        key=lambda each: (each.on, each.record),
    )


def dates(group_id: str) -> list[tuple[str, date | None, int]]:
    """Every record of a group that has a clock: class, its day (None: not running yet), how many."""
    found: list[tuple[str, date | None, int]] = []
    for model, held in walk.dated_models():
        rows = walk.rows(model).filter(group_id=group_id).order_by()
        tally = rows.values_list("due_on").annotate(count=Count("pk"))
        found.extend((held.record, on, count) for on, count in tally)
    return found
