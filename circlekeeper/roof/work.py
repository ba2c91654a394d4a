"""Which work falls due, how often, and when its silence is an alarm."""

from datetime import datetime, timedelta

from django.db import connections

from circlekeeper.areas.ballots import jobs as ballots_jobs
from circlekeeper.areas.domain import jobs as domain_jobs
from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.retention import jobs as retention_jobs
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.foundation import announce, jobs, ledger
from circlekeeper.foundation.accounts import jobs as accounts_jobs
from circlekeeper.foundation.backup import jobs as backup_jobs
from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.vault import shredstore
from circlekeeper.roof import orphans

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def register() -> None:
    """Name every piece of work, how often it is due, and after how long its silence is an alarm; called once."""
    jobs.register("ledger.checkpoint", HOUR, _checkpoint, 3 * HOUR)
    jobs.register("post.send", timedelta(minutes=1), _send_letters, HOUR)
    jobs.register("roster.remind", HOUR, _remind, DAY)
    jobs.register("events.deliver", timedelta(seconds=2), _deliver_events, HOUR)
    jobs.register("accounts.lapse", DAY, accounts_jobs.lapse_roles, 3 * DAY, destructive=True)
    jobs.register("meetings.extend", DAY, _extend_series, 2 * DAY)
    jobs.register("meetings.close", HOUR, _close_forgotten, DAY)
    jobs.register("meetings.look", timedelta(minutes=1), _look_at_services, HOUR)
    jobs.register("meetings.clear", HOUR, _clear_away, DAY)
    jobs.register("ballots.watch", timedelta(minutes=1), ballots_jobs.watch, HOUR)
    jobs.register("domain.look", DAY, domain_jobs.look_at_all, 3 * DAY)
    jobs.register("retention.run", DAY, retention_jobs.daily_run, 2 * DAY, destructive=True)
    jobs.register("vault.orphans", DAY, _reap_orphans, 3 * DAY, destructive=True)
    jobs.register("vault.store-key", WEEK, _change_store_key, 2 * WEEK)
    jobs.register("backup.create", DAY, backup_jobs.daily_backup, 2 * DAY)
    jobs.register("backup.drill", WEEK, backup_jobs.weekly_drill, 2 * WEEK)


def _checkpoint(now: datetime) -> None:
    ledger.make_checkpoint(now)


def _send_letters(now: datetime) -> None:
    outbox.send_due(now)


def _remind(now: datetime) -> None:
    roster_do.remind(now=now)


def _deliver_events(now: datetime) -> None:
    announce.deliver_due(announce.installed(), now)


def _extend_series(now: datetime) -> None:
    meetings_do.extend_series(by="system", now=now)


def _close_forgotten(now: datetime) -> None:
    meetings_do.close_forgotten(by="system", now=now)


def _look_at_services(now: datetime) -> None:
    meetings_do.look_at_due(now=now)


def _clear_away(now: datetime) -> None:
    meetings_do.clear_away(now=now)


def _reap_orphans(now: datetime) -> None:
    orphans.reap(now)


def _change_store_key(_now: datetime) -> None:
    """What a disk may keep of destroyed secrets opens nothing after this.

    Several machines share a store on PostgreSQL, and the key file lies on each: whoever runs them changes it on all.
    """
    if connections[shredstore.STORE].vendor == "sqlite":
        shredstore.rotate_store_key()
