"""Connecting a group to a service, and ending that."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import provider, sealing
from circlekeeper.areas.meetings.models import Connection, SecondPlace, Series
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore


def connect_service(
    *, by: str, group_id: str, provider_name: str, values: Mapping[str, str], now: datetime
) -> list[provider.Proof]:
    """Try what was entered for a service, then keep it sealed; returns what holds for the whole account (TEC2).

    What was entered before for the same service is destroyed.

    :raises NotHere: no such service, or nothing has to be entered for it. :raises Refused: a setting cannot be right, at
        the field of its name; or the service does not accept it.
    """
    way = _needs_settings(provider_name)
    told = {each.name: values.get(each.name, "").strip() for each in way.settings}
    try:
        proofs = list(way.check_connection(told, now=now))
    except provider.Unavailable as failure:
        raise Refused(failure.sentence) from None
    before = Connection.objects.filter(group_id=group_id, provider=provider_name).first()
    old = before.secret_id if before else ""
    row = before or Connection(pk=new_id(), group_id=group_id, provider=provider_name)
    row.connected_at = now
    sealing.keep_settings(row, told, now=now)
    _connect(by=by, row=row, now=now)
    _destroy([old], now)
    return proofs


@action("meetings.service.connect")
def _connect(*, by: str, row: Connection, now: datetime) -> None:
    row.save()
    ledger.record(by=by, about=row.pk, at=now)


def disconnect_service(*, by: str, group_id: str, provider_name: str, now: datetime) -> None:
    """End a connection: what was entered is destroyed at once. Doing it twice changes nothing.

    :raises Refused: meetings are still planned there.
    """
    row = Connection.objects.filter(group_id=group_id, provider=provider_name).first()
    if row is None:
        return
    if Series.objects.filter(group_id=group_id, provider=provider_name, ended_at__isnull=True).exists():
        raise Refused(_("Meetings are planned there. Stop them first, or plan them elsewhere."))
    if SecondPlace.objects.filter(
        group_id=group_id, provider=provider_name, series__ended_at__isnull=True
    ).exists():
        raise Refused(_("It is the second place of your meetings. Choose another one first."))
    _disconnect(by=by, row=row, now=now)
    _destroy([row.secret_id], now)


@action("meetings.service.disconnect")
def _disconnect(*, by: str, row: Connection, now: datetime) -> None:
    pk = row.pk
    row.delete()
    ledger.record(by=by, about=pk, at=now)


def _needs_settings(name: str) -> provider.Provider:
    try:
        way = provider.provider(name)
    except KeyError:
        raise NotHere from None
    if not way.settings:
        raise NotHere
    return way


def _destroy(secrets: list[str], now: datetime) -> None:
    # After the commit: if it fails, the secret has no row any more and is reaped.
    gone = [each for each in secrets if each]
    if gone:
        shredstore.shred(gone, now=now)
