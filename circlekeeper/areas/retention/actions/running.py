"""The daily run: what is due is destroyed, certified, and swept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.apps import apps

from circlekeeper.areas.retention import queries, rules
from circlekeeper.areas.retention.models import Certificate, Residue, Run
from circlekeeper.areas.retention.queries import walk
from circlekeeper.areas.retention.rules import Item, Plan
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore

# The shred store keeps its own old generations no longer than this; then no copy of a destroyed key is left.
COPIES_LIVE = timedelta(days=7)


def run(*, by: str, as_of: datetime, now: datetime, dry_run: bool = False) -> tuple[Plan, str | None]:
    """The daily run: destroy everything due at ``as_of``; returns what it did and the run's id (none for a dry run).

    Never inside a transaction. The order makes a crash harmless: the intent is logged, then the secrets go (nothing can
    be read any more), then the certificates, then what is left of the rows. A second run finishes what a first one began.
    """
    plan = rules.plan(queries.due_at(as_of), queries.live_holds(as_of))
    if dry_run:
        return plan, None
    return destroy(by=by, as_of=as_of, plan=plan, now=now)


def destroy(*, by: str, as_of: datetime, plan: Plan, now: datetime) -> tuple[Plan, str]:
    """Carry out a plan as a run of its own; see ``run``."""
    run_id = begin_run(by=by, as_of=as_of, plan=plan, now=now)
    shredstore.shred(sorted(plan.secrets), now=now)
    # Asked of the store and not assumed: a hold may have been placed meanwhile. Nearly always none is left.
    plan = rules.without(plan, shredstore.secrets(sorted(plan.secrets)))
    # Rows without a key first: those that belong to somebody are found through that somebody's row.
    plain = [each for each in plan.go if not each.secret_id]
    for start in range(0, len(plain), walk.BATCH):
        destroy_rows(by=by, run_id=run_id, items=plain[start : start + walk.BATCH], now=now)
    certify_shredded(by=by, run_id=run_id, items=[each for each in plan.go if each.secret_id], now=now)
    sweep(by=by, run_id=run_id, now=now)
    for model, ids in queries.outlived(as_of):
        drop_outlived(by=by, model=model._meta.label, ids=ids, now=now)
    finish_run(by=by, run_id=run_id, plan=plan, now=now)
    return plan, run_id


@action("retention.run.begin")
def begin_run(*, by: str, as_of: datetime, plan: Plan, now: datetime) -> str:
    """Say what is about to be destroyed, before anything is."""
    made = Run.objects.create(
        pk=new_id(), as_of=as_of, started_at=now, due=plan.going + plan.staying, kept_on_hold=plan.staying
    )
    ledger.record(by=by, about=made.pk, at=now)
    return made.pk


@action("retention.keys.certify")
def certify_shredded(*, by: str, run_id: str, items: Sequence[Item], now: datetime) -> None:
    """Certify rows whose secrets are gone from the shred store, and note them for the sweep. Durable when it returns."""
    made = _certificates(run_id, items, now)
    seen = {(each.model, each.secret_id) for each in items}
    Residue.objects.bulk_create(
        [Residue(model=model, secret_id=secret_id) for model, secret_id in sorted(seen)],
        ignore_conflicts=True,
        batch_size=walk.BATCH,
    )
    ledger.record_many(
        [ledger.Line(by, run_id, now, "retention.keys.certify")]
        + [ledger.Line(by, each.pk, now, "retention.rows.destroy") for each in made]
    )


@action("retention.rows.destroy")
def destroy_rows(*, by: str, run_id: str, items: Sequence[Item], now: datetime) -> None:
    """Delete rows that have no secret, and certify it; those put on hold since the plan was made stay."""
    kept = queries.live_holds(now)
    going = rules.plan(items, kept).go
    for label in dict.fromkeys(each.model for each in going):
        walk.rows(apps.get_model(label)).filter(
            pk__in=[each.row_id for each in going if each.model == label]
        ).delete()
    made = _certificates(run_id, going, now)
    ledger.record_many(
        ledger.Line(by, each, now, "retention.rows.destroy") for each in [run_id, *(m.pk for m in made)]
    )


def _certificates(run_id: str, items: Sequence[Item], now: datetime) -> list[Certificate]:
    made = []
    for (group_id, record), theirs in rules.by_group_and_record(items).items():
        secrets = {each.secret_id for each in theirs if each.secret_id}
        made.append(
            Certificate(
                pk=new_id(),
                run_id=run_id,
                group_id=group_id,
                record=record,
                method="key-shred" if secrets else "row-delete",
                count=sum(each.count for each in theirs),
                keys_destroyed=len(secrets),
                keys_digest=rules.digest(secrets),
                destroyed_at=now,
                copies_gone_on=(now + COPIES_LIVE).date(),
            )
        )
    Certificate.objects.bulk_create(made, batch_size=walk.BATCH)
    return made


def sweep(*, by: str, run_id: str, now: datetime) -> int:
    """Delete the rows that were certified, batch by batch; how many. What an earlier run left goes too."""
    swept = 0
    for model, _held in walk.dated_models():
        swept += _sweep(by, run_id, model._meta.label, now)
    # Parts that fell with their owner's row are noted under tables without a date of their own.
    for label in set(Residue.objects.values_list("model", flat=True).distinct()):
        swept += _sweep(by, run_id, label, now)
    return swept


def _sweep(by: str, run_id: str, label: str, now: datetime) -> int:
    swept = 0
    while ids := list(Residue.objects.filter(model=label).values_list("secret_id", flat=True)[: walk.BATCH]):
        swept += sweep_batch(by=by, run_id=run_id, model=label, secrets=ids, now=now)
    return swept


@action("retention.rows.sweep")
def sweep_batch(*, by: str, run_id: str, model: str, secrets: Sequence[str], now: datetime) -> int:
    """Delete the rows of one table that these secrets opened, which nothing opens any more."""
    gone = walk.rows(apps.get_model(model)).filter(secret_id__in=secrets).delete()[0]
    Residue.objects.filter(model=model, secret_id__in=secrets).delete()
    ledger.record(by=by, about=run_id, at=now)
    return gone


@action("retention.outlived.drop")
def drop_outlived(*, by: str, model: str, ids: Sequence[str], now: datetime) -> None:
    """Delete drafts and the like that have passed their age."""
    for batch in walk.batches(ids):
        walk.rows(apps.get_model(model)).filter(pk__in=batch).delete()
    ledger.record(by=by, about=model.lower().replace(".", ":"), at=now)


@action("retention.run.finish")
def finish_run(*, by: str, run_id: str, plan: Plan, now: datetime) -> None:
    """Close a run's books."""
    finished = Run.objects.get(pk=run_id)
    finished.finished_at, finished.kept_on_hold = now, plan.staying
    finished.destroyed = sum(finished.certificates.values_list("count", flat=True))
    finished.save(update_fields=["finished_at", "destroyed", "kept_on_hold"])
    ledger.record(by=by, about=run_id, at=now)
