"""Running what is due: one conditional UPDATE takes a job, so two workers never run it twice."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from circlekeeper.foundation import guard, ids
from circlekeeper.foundation.jobs import heartbeat, registry, rules, tables

if TYPE_CHECKING:
    from circlekeeper.foundation.jobs.models import Schedule

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ran:
    """How one run went. ``error`` is the name of the exception's class, never its text."""

    name: str
    ok: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """Work that had no good run for too long. ``since``: the last good one, or when it was first due; None: never seen."""

    name: str
    since: datetime | None


def run_due(now: datetime) -> list[Ran]:
    """Run every job that is due and that no other worker has taken; failures are noted and tried again later."""
    rows = {row.name: row for row in tables.schedules()}
    _plan_new(rows, now)
    due = [
        row for row in rows.values() if row.name in registry.JOBS and _is_due(row, registry.JOBS[row.name], now)
    ]
    if not due:
        return []
    sane = heartbeat.clock_is_sane(now)
    return [
        ran
        for row in sorted(due, key=lambda row: row.next_run_at)
        if (sane or not registry.JOBS[row.name].destructive)
        and (ran := _run(registry.JOBS[row.name], row, now)) is not None
    ]


def missed(now: datetime) -> list[Missed]:
    """Jobs without a good run for longer than their alarm allows; also those waiting for a clock to be confirmed."""
    rows = {row.name: row for row in tables.schedules()}
    found = []
    for job in registry.JOBS.values():
        row = rows.get(job.name)
        since = None if row is None else row.last_ok_at or row.made_at
        if since is None or now - since > job.alarm_after:
            found.append(Missed(job.name, since))
    return found


def _plan_new(rows: "dict[str, Schedule]", now: datetime) -> None:
    wanted = registry.JOBS.values()
    changed = [job for job in wanted if job.name in rows and rows[job.name].every_seconds != _seconds(job)]
    new = [job for job in wanted if job.name not in rows]
    if not new and not changed:
        return
    with guard.outside_action("job schedule"):
        for job in changed:
            tables.schedules().filter(name=job.name).update(every_seconds=_seconds(job))
        tables.schedules().bulk_create(_first_rows(new, now), ignore_conflicts=True)
    rows.update({row.name: row for row in tables.schedules()})


def _first_rows(jobs: "Sequence[registry.Job]", now: datetime) -> "list[Schedule]":
    model = tables.schedules().model
    return [model(name=job.name, every_seconds=_seconds(job), made_at=now, next_run_at=now) for job in jobs]


def _is_due(row: "Schedule", job: registry.Job, now: datetime) -> bool:
    free = row.lease_until is None or row.lease_until <= now
    # Times far ahead were written by a clock that ran ahead; without this the job would wait until then.
    return (free or rules.too_far(planned=row.lease_until or now, wait=job.lease, now=now)) and (
        row.next_run_at <= now or rules.too_far(planned=row.next_run_at, wait=job.every, now=now)
    )


def _seconds(job: registry.Job) -> int:
    return int(job.every / timedelta(seconds=1))


def _run(job: registry.Job, row: "Schedule", now: datetime) -> Ran | None:
    token = ids.new_id()
    if not _claim(job, token, now):
        return None
    try:
        job.run(now)
    except Exception as failure:  # Whatever a job raises, the others still run.
        error = type(failure).__name__[:80]
        _log.error("job %s failed: %s", job.name, error)
        _release(
            token,
            next_run_at=rules.retry_at(failures=row.failures + 1, every=job.every, now=now),
            last_error_at=now,
            last_error=error,
            failures=row.failures + 1,
        )
        return Ran(job.name, ok=False, error=error)
    planned = rules.next_slot(planned=row.next_run_at, every=job.every, now=now)
    _release(token, next_run_at=planned, last_ok_at=now, last_error="", failures=0)
    return Ran(job.name, ok=True)


def _claim(job: registry.Job, token: str, now: datetime) -> bool:
    slack = now + rules.MOST_BEHIND
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now) | Q(lease_until__gt=slack + job.lease)
    due = Q(next_run_at__lte=now) | Q(next_run_at__gt=slack + job.every)
    with guard.outside_action("job lease"):
        taken = (
            tables.schedules()
            .filter(free, due, name=job.name)
            .update(lease_until=now + job.lease, leased_by=token)
        )
    return taken == 1


def _release(token: str, **outcome: object) -> None:
    with guard.outside_action("job lease"):
        tables.schedules().filter(leased_by=token).update(lease_until=None, leased_by="", **outcome)
