"""Writing down where a group can meet, and saying which series meets there."""

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.venues import sealing
from circlekeeper.areas.venues.models import Meets, Plan, Venue
from circlekeeper.areas.venues.sealing import Card, Told
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore

RECORD = "address"
MOST = 20


def write_place(*, by: str, group_id: str, card: Card, told: Told, now: datetime) -> str:
    """Write down a new place; returns its id. Who else is there, the signs and the address are sealed.

    :raises Refused: no address, or the group has as many places as can be kept apart.
    """
    row = Venue(pk=new_id(), group_id=group_id)
    _sealed(row, card, told, now)
    _write(by=by, row=row, now=now)
    return row.pk


@action("venues.place.write")
def _write(*, by: str, row: Venue, now: datetime) -> None:
    taken = Venue.objects.filter(group_id=row.group_id).aggregate(most=Max("number"))["most"] or 0
    if taken >= MOST:
        raise Refused(_("Take a place off the list first."))
    row.number = taken + 1
    row.save(force_insert=True)
    ledger.record(by=by, about=row.pk, at=now)


def change_place(*, by: str, group_id: str, venue_id: str, card: Card, told: Told, now: datetime) -> None:
    """Write a place anew; what stood there before is destroyed.

    :raises NotHere: this group has no such place. :raises Refused: no address.
    """
    row = Venue.objects.filter(pk=venue_id, group_id=group_id).first()
    if row is None:
        raise NotHere
    old = row.secret_id
    _sealed(row, card, told, now)
    _change(by=by, row=row, now=now)
    shredstore.shred([old], now=now)


@action("venues.place.change")
def _change(*, by: str, row: Venue, now: datetime) -> None:
    _locked(row.group_id, row.pk)
    row.save(update_fields=["fit", "written_on", "secret_id", "blob", "wrap", "told"])
    ledger.record(by=by, about=row.pk, at=now)


def _sealed(row: Venue, card: Card, told: Told, now: datetime) -> None:
    if not told.address.strip():
        raise Refused(_("Write where the room is."), field="address")
    secret = shredstore.new_secret(record=RECORD, group_id=row.group_id, now=now)
    row.secret_id, row.fit = secret.id, card.fit
    row.written_on = now.astimezone(groups.group(row.group_id).zone).date()
    sealing.seal(row, card, told, secret=secret.value)


@action("venues.place.choose")
def choose_place(*, by: str, group_id: str, venue_id: str, series_id: str, now: datetime) -> None:
    """A series of meetings is held at this place from now on.

    :raises NotHere: this group has no such place. :raises Refused: no running series that meets in a room.
    """
    place = _locked(group_id, venue_id)
    series = next((each for each in meetings.series_of(group_id) if each.id == series_id), None)
    if series is None or not series.in_a_room:
        raise Refused(_("Choose meetings that are held in a room."), field="series_id")
    Meets.objects.update_or_create(
        series_id=series_id,
        defaults={"venue": place, "group_id": group_id},
        create_defaults={"pk": new_id(), "venue": place, "group_id": group_id},
    )
    ledger.record(by=by, about=series_id, at=now)


def drop_place(*, by: str, group_id: str, venue_id: str, now: datetime) -> None:
    """Take a place off the list; what was written of it, with its plan, is destroyed. Cannot be undone.

    :raises NotHere: this group has no such place. :raises Refused: meetings are still planned there.
    """
    shredstore.shred(_drop(by=by, group_id=group_id, venue_id=venue_id, now=now), now=now)


@action("venues.place.drop")
def _drop(*, by: str, group_id: str, venue_id: str, now: datetime) -> list[str]:
    row = _locked(group_id, venue_id)
    running = {each.id for each in meetings.series_of(group_id)}
    if running & set(row.meets.values_list("series_id", flat=True)):
        raise Refused(_("Meetings are planned here. Choose another place for them first."))
    gone = [row.secret_id, *Plan.objects.filter(venue=row).values_list("secret_id", flat=True)]
    row.delete()
    ledger.record(by=by, about=venue_id, at=now)
    return gone


def _locked(group_id: str, venue_id: str) -> Venue:
    row = Venue.objects.select_for_update().filter(pk=venue_id, group_id=group_id).first()
    if row is None:
        raise NotHere
    return row
