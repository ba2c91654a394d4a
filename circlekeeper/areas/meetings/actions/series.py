"""What becomes of a series: another address, and its end. What a series led to is destroyed, not only forgotten."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.actions.plan import chosen, series_row
from circlekeeper.areas.meetings.models import ELSEWHERE, MeetingState, Series
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import shredstore

_RUNNING = (MeetingState.DOORS, MeetingState.LOCKED)


def change_address(*, by: str, group_id: str, series_id: str, address: str, now: datetime) -> None:
    """Lead to another link or place from now on; the old address is destroyed. Whoever kept the old link gets nowhere.

    :raises Refused: the provider cannot use it. :raises NotHere: there is no such running series.
    """
    series = Series.objects.filter(pk=series_id, group_id=group_id, ended_at__isnull=True).first()
    if series is None:
        raise NotHere
    old = series.address_secret_id
    if series.format in ELSEWHERE:
        chosen(group_id, series.provider).check_address(address)
    if address.strip():
        sealing.keep_address(series, address.strip(), now=now)
    else:
        series.sealed_address, series.address_secret_id = None, ""
    _change(by=by, series=series, now=now)
    _destroy(old, now)


@action("meetings.series.move")
def _change(*, by: str, series: Series, now: datetime) -> None:
    series_row(series.group_id, series.pk)
    series.save(update_fields=["sealed_address", "address_secret_id"])
    ledger.record(by=by, about=series.pk, at=now)


def end_series(*, by: str, group_id: str, series_id: str, now: datetime) -> None:
    """Stop a series: its coming meetings are cancelled and the address it led to is destroyed. Cannot be undone.

    :raises Refused: a meeting of it is running. :raises NotHere: there is no such running series.
    """
    _destroy(_end(by=by, group_id=group_id, series_id=series_id, now=now), now)


@action("meetings.series.end")
def _end(*, by: str, group_id: str, series_id: str, now: datetime) -> str:
    series = series_row(group_id, series_id)
    if series.meetings.filter(state__in=_RUNNING).exists():
        raise Refused(_("A meeting of this series is running. Close it first."))
    secret_id = series.address_secret_id
    series.ended_at, series.sealed_address, series.address_secret_id = now, None, ""
    series.save(update_fields=["ended_at", "sealed_address", "address_secret_id"])
    series.meetings.filter(state=MeetingState.PLANNED).update(state=MeetingState.CANCELLED)
    ledger.record(by=by, about=series.pk, at=now)
    return secret_id


def _destroy(secret_id: str, now: datetime) -> None:
    # After the row is saved: if this fails, the secret has no row any more and is reaped.
    if secret_id:
        shredstore.shred([secret_id], now=now)
