"""Reading what is due, what is held and what was destroyed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Model
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.retention import rules
from circlekeeper.areas.retention.models import Certificate, Hold, Run
from circlekeeper.foundation import lifecycle
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.lifecycle import Clock, Dies, Held
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.playbook import durations
from circlekeeper.foundation.todo import Todo, Urgency

LATE = timedelta(days=2)


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


def dated_models() -> list[tuple[type[Model], Held]]:
    """Every model whose rows carry their own date, children of a foreign key before their parents."""
    found = [(model, held) for model, held in lifecycle.declared().items() if held.clock is Clock.DUE_ON]
    return sorted(found, key=lambda pair: (-len(_parents(pair[0])), pair[0]._meta.label))


def _parents(model: type[Model]) -> set[str]:
    owners = (field.related_model for field in model._meta.get_fields() if field.many_to_one)
    ours = {owner._meta.label for owner in owners if isinstance(owner, type)}
    return ours | {label for each in ours - {model._meta.label} for label in _parents(apps.get_model(each))}


def due(day: date) -> list[rules.Item]:
    """Everything of ours whose date is this day or earlier; one query a model."""
    found: list[rules.Item] = []
    for model, held in dated_models():
        secret = "secret_id" if held.dies is Dies.SHRED else "pk"
        rows = model._default_manager.filter(due_on__lte=day).values_list("pk", "group_id", secret)
        found.extend(
            rules.Item(
                model=model._meta.label,
                row_id=pk,
                group_id=group,
                record=held.record,
                secret_id=secret_id if held.dies is Dies.SHRED else "",
            )
            for pk, group, secret_id in rows
        )
    return found


def outlived(now: datetime) -> list[tuple[type[Model], list[str]]]:
    """Rows that count their age and have passed it, by model; drafts and the like, no certificate owed."""
    aged = [(model, held) for model, held in lifecycle.declared().items() if held.clock is Clock.AGE]
    found: list[tuple[type[Model], list[str]]] = []
    for model, held in aged:
        born_before = now - durations.parse_duration(held.keep).delta
        rows = model._default_manager.filter(**{f"{held.since}__lte": born_before})
        found.append((model, list(rows.values_list("pk", flat=True))))
    return [(model, ids) for model, ids in found if ids]


def live_holds(now: datetime) -> frozenset[tuple[str, str]]:
    """``(model label, row id)`` of every hold in force."""
    rows = Hold.objects.filter(released_at__isnull=True, until__gte=now.date())
    return frozenset(rows.values_list("model", "row_id"))


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


def ahead(group_id: str, *, now: datetime, days: int = 30) -> list[Ahead]:
    """What falls due in a group in the coming days, by class and day; counts only."""
    until = now.date() + timedelta(days=days)
    found: list[Ahead] = []
    for model, held in dated_models():
        rows = model._default_manager.filter(group_id=group_id, due_on__lte=until)
        tally = rows.values_list("due_on").annotate(count=Count("pk")).order_by("due_on")
        found.extend(Ahead(held.record, on, count) for on, count in tally)
    return sorted(found, key=lambda each: (each.on, each.record))


def last_finished() -> datetime | None:
    """When the daily run last finished."""
    return (
        Run.objects.filter(finished_at__isnull=False)
        .order_by("-finished_at")
        .values_list("finished_at", flat=True)
        .first()
    )


def todo(who: Any, now: datetime) -> list[Todo]:
    """An alarm when the daily run is late; shown to whoever answers for what is kept (DAT7)."""
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.RETENTION_SEE, place)]
    last = last_finished()
    if not places or last is None or now - last <= LATE:
        return []
    return [
        Todo(
            title=_("The daily run is late"),
            why=_("Records that should be gone are still there."),
            url=reverse("retention:overview", args=[places[0]]),
            minutes=5,
            urgency=Urgency.HARM,
        )
    ]
