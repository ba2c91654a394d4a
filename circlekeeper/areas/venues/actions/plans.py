"""Emergency plans: for a place, and for each country people join from (FMT4)."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.venues import rules, sealing
from circlekeeper.areas.venues.models import Plan, Venue
from circlekeeper.areas.venues.sealing import Steps
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore

RECORD = "address"
_OLDEST = timedelta(days=3650)


def write_plan(
    *, by: str, group_id: str, venue_id: str, country: str, said: Steps, verified_on: date, now: datetime
) -> str:
    """Write a plan for a place, or with an empty ``venue_id`` for a country; returns its id.

    :raises NotHere: this group has no such place. :raises Refused: there is a plan for it already, or the day is to come.
    """
    if venue_id and not Venue.objects.filter(pk=venue_id, group_id=group_id).exists():
        raise NotHere
    row = Plan(pk=new_id(), group_id=group_id, venue_id=venue_id or None)
    _sealed(row, country, said, verified_on, now)
    _write(by=by, row=row, now=now)
    return row.pk


@action("venues.plan.write")
def _write(*, by: str, row: Plan, now: datetime) -> None:
    here = Plan.objects.filter(group_id=row.group_id, venue_id=row.venue_id)
    if here.exists() if row.venue_id else here.filter(country=row.country).exists():
        raise Refused(_("There is a plan for this already. Change that one."), field="where")
    row.save(force_insert=True)
    ledger.record(by=by, about=row.pk, at=now)


def change_plan(
    *, by: str, group_id: str, plan_id: str, country: str, said: Steps, verified_on: date, now: datetime
) -> None:
    """Write a plan anew; what it said before is destroyed.

    :raises NotHere: this group has no such plan. :raises Refused: the day is to come, or the country has a plan already.
    """
    row = Plan.objects.filter(pk=plan_id, group_id=group_id).first()
    if row is None:
        raise NotHere
    old = row.secret_id
    _sealed(row, country, said, verified_on, now)
    _change(by=by, row=row, now=now)
    shredstore.shred([old], now=now)


@action("venues.plan.change")
def _change(*, by: str, row: Plan, now: datetime) -> None:
    _locked(row.group_id, row.pk)
    same = Plan.objects.filter(group_id=row.group_id, venue__isnull=True, country=row.country).exclude(pk=row.pk)
    if row.venue_id is None and same.exists():
        raise Refused(_("There is a plan for this already. Change that one."), field="country")
    row.save(update_fields=["country", "verified_on", "recheck_on", "secret_id", "sealed"])
    ledger.record(by=by, about=row.pk, at=now)


def _sealed(row: Plan, country: str, said: Steps, verified_on: date, now: datetime) -> None:
    today = now.astimezone(groups.group(row.group_id).zone).date()
    if not today - _OLDEST <= verified_on <= today:
        raise Refused(_("That day is still to come, or long ago."), field="verified_on")
    secret = shredstore.new_secret(record=RECORD, group_id=row.group_id, now=now)
    row.secret_id, row.country = secret.id, country
    row.verified_on, row.recheck_on = verified_on, verified_on + rules.NUMBERS_LAST
    sealing.seal_plan(row, said, secret=secret.value)


@action("venues.plan.check")
def check_plan(*, by: str, group_id: str, plan_id: str, now: datetime) -> None:
    """Somebody rang every number of a plan today, and each was right.

    :raises NotHere: this group has no such plan.
    """
    row = _locked(group_id, plan_id)
    row.verified_on = now.astimezone(groups.group(group_id).zone).date()
    row.recheck_on = row.verified_on + rules.NUMBERS_LAST
    row.save(update_fields=["verified_on", "recheck_on"])
    ledger.record(by=by, about=plan_id, at=now)


def drop_plan(*, by: str, group_id: str, plan_id: str, now: datetime) -> None:
    """A plan is not needed any more; what it said is destroyed. Cannot be undone.

    :raises NotHere: this group has no such plan.
    """
    shredstore.shred([_drop(by=by, group_id=group_id, plan_id=plan_id, now=now)], now=now)


@action("venues.plan.drop")
def _drop(*, by: str, group_id: str, plan_id: str, now: datetime) -> str:
    row = _locked(group_id, plan_id)
    secret_id = row.secret_id
    row.delete()
    ledger.record(by=by, about=plan_id, at=now)
    return secret_id


def _locked(group_id: str, plan_id: str) -> Plan:
    row = Plan.objects.select_for_update().filter(pk=plan_id, group_id=group_id).first()
    if row is None:
        raise NotHere
    return row
