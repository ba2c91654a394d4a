"""Destroying on time, and holding back with a reason."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.apps import apps

from circlekeeper.areas.retention import queries, rules
from circlekeeper.areas.retention.models import Certificate, Hold, Run
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore

# The shred store keeps its own old generations no longer than this; then no copy of a destroyed key is left.
COPIES_LIVE = timedelta(days=7)
BATCH = 5000
REASONS = ("complaint", "court-order", "incident-review", "member-asked")


def run(*, by: str, as_of: datetime, now: datetime, dry_run: bool = False) -> tuple[rules.Plan, str | None]:
    """The daily run: destroy everything due at ``as_of``; returns the plan and the run's id (none for a dry run).

    The order makes a crash harmless: the intent is logged, then the secrets go (nothing can be read any more), then
    the rows and the certificates. A second run finishes what a first one began.
    """
    plan = rules.plan(queries.due(as_of.date()), queries.live_holds(as_of))
    if dry_run:
        return plan, None
    run_id = begin_run(by=by, as_of=as_of, plan=plan, now=now)
    shredstore.shred(sorted(plan.secrets), now=now)
    for (group_id, record), items in rules.by_group_and_record(plan.go).items():
        destroy_rows(by=by, run_id=run_id, group_id=group_id, record=record, items=items, now=now)
    for model, ids in queries.outlived(as_of):
        drop_outlived(by=by, model=model._meta.label, ids=ids, now=now)
    finish_run(by=by, run_id=run_id, now=now)
    return plan, run_id


@action("retention.run.begin")
def begin_run(*, by: str, as_of: datetime, plan: rules.Plan, now: datetime) -> str:
    """Say what is about to be destroyed, before anything is."""
    made = Run.objects.create(
        pk=new_id(), as_of=as_of, started_at=now, due=len(plan.go) + len(plan.stay), kept_on_hold=len(plan.stay)
    )
    ledger.record(by=by, about=made.pk, at=now)
    return made.pk


@action("retention.rows.destroy")
def destroy_rows(
    *, by: str, run_id: str, group_id: str, record: str, items: Sequence[rules.Item], now: datetime
) -> str:
    """Delete the rows of one group and record class whose secrets are gone, and certify it."""
    for label in dict.fromkeys(each.model for each in items):
        ids = [each.row_id for each in items if each.model == label]
        model = apps.get_model(label)
        for start in range(0, len(ids), BATCH):
            model._default_manager.filter(pk__in=ids[start : start + BATCH]).delete()
    secrets = {each.secret_id for each in items if each.secret_id}
    made = Certificate.objects.create(
        pk=new_id(),
        run_id=run_id,
        group_id=group_id,
        record=record,
        method="key-shred" if secrets else "row-delete",
        count=len(items),
        keys_destroyed=len(secrets),
        keys_digest=rules.digest(secrets),
        destroyed_at=now,
        copies_gone_on=(now + COPIES_LIVE).date(),
    )
    ledger.record(by=by, about=made.pk, at=now)
    return made.pk


@action("retention.outlived.drop")
def drop_outlived(*, by: str, model: str, ids: Sequence[str], now: datetime) -> None:
    """Delete drafts and the like that have passed their age."""
    apps.get_model(model)._default_manager.filter(pk__in=list(ids)).delete()
    ledger.record(by=by, about=model.lower().replace(".", ":"), at=now)


@action("retention.run.finish")
def finish_run(*, by: str, run_id: str, now: datetime) -> None:
    """Close a run's books."""
    finished = Run.objects.get(pk=run_id)
    finished.finished_at = now
    finished.destroyed = sum(finished.certificates.values_list("count", flat=True))
    finished.save(update_fields=["finished_at", "destroyed"])
    ledger.record(by=by, about=run_id, at=now)


@action("retention.hold.place")
def place_hold(
    *, by: str, group_id: str, model: str, row_id: str, reason: str, reviewer: str, until: date, now: datetime
) -> str:
    """Suspend the destruction of one item until a date.

    :raises Refused: no such reason, a date in the past, or the item's key is already gone, which no hold can undo.
    """
    if reason not in REASONS:
        raise Refused("Choose a reason from the list.", field="reason")
    if until <= now.date():
        raise Refused("A hold needs an end date that lies ahead.", field="until")
    held_model = dict((each._meta.label, each) for each, _ in queries.dated_models()).get(model)
    row = held_model._default_manager.filter(pk=row_id, group_id=group_id).first() if held_model else None
    if row is None:
        raise NotHere
    secret_id = getattr(row, "secret_id", "")
    if secret_id:
        try:
            shredstore.secret(secret_id)
        except shredstore.Shredded:
            raise Refused("This record's key is already destroyed. A hold cannot bring it back.") from None
    made = Hold.objects.create(
        pk=new_id(),
        group_id=group_id,
        model=model,
        row_id=row_id,
        reason=reason,
        reviewer=reviewer,
        until=until,
        placed_by=by,
        placed_at=now,
    )
    if secret_id:
        shredstore.hold([secret_id], until=until)
    ledger.record(by=by, about=made.pk, at=now)
    return made.pk


@action("retention.hold.release")
def release_hold(*, by: str, group_id: str, hold_id: str, now: datetime) -> None:
    """End a hold before its date; the item goes with the next run if it is due."""
    found = Hold.objects.filter(pk=hold_id, group_id=group_id, released_at__isnull=True).first()
    if found is None:
        raise NotHere
    found.released_at = now
    found.save(update_fields=["released_at"])
    row = apps.get_model(found.model)._default_manager.filter(pk=found.row_id).first()
    secret_id = getattr(row, "secret_id", "") if row is not None else ""
    if secret_id:
        shredstore.release([secret_id])
    ledger.record(by=by, about=hold_id, at=now)
