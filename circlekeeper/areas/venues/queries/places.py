"""Places as the team lists them, their cards, and what members are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.venues import sealing
from circlekeeper.areas.venues.models import Venue
from circlekeeper.areas.venues.sealing import Card, Told
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.memo import remembered
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What may be said of a place without a key. ``fit``: it was seen to be as the guide asks."""

    id: str
    number: int
    fit: bool
    written_on: date
    series: frozenset[str]

    @property
    def name(self) -> str:
        """``Place 1``: what it is called on pages."""
        return _("Place %(n)d") % {"n": self.number}


def places(group_id: str) -> list[PlaceFacts]:
    """Every place of a group, in the order they were written; two queries."""
    return _facts(Venue.objects.filter(group_id=group_id).order_by("number").prefetch_related("meets"))


def place(*, group_id: str, venue_id: str) -> PlaceFacts:
    """One place.

    :raises NotHere: this group has no such place.
    """
    found = _facts(Venue.objects.filter(group_id=group_id, pk=venue_id).prefetch_related("meets"))
    if not found:
        raise NotHere
    return found[0]


def place_of(series_id: str) -> PlaceFacts | None:
    """Where a series meets; None: nobody chose."""
    found = _facts(Venue.objects.filter(meets__series_id=series_id).prefetch_related("meets"))
    return found[0] if found else None


def _facts(rows: Iterable[Venue]) -> list[PlaceFacts]:
    return [
        PlaceFacts(row.pk, row.number, row.fit, row.written_on, frozenset(m.series_id for m in row.meets.all()))
        for row in rows
    ]


@reveal("venues.card.open")
def card(*, by: str, about: str, group_id: str, ring: KeyRing, now: datetime) -> tuple[Card, Told]:
    """The card of a place (``about``) and what members are told, for the team.

    :raises NotHere: this group has no such place. :raises NoGrant: the ring lacks the door's key.
    """
    del by, now
    row = Venue.objects.filter(pk=about, group_id=group_id).first()
    if row is None:
        raise NotHere
    return sealing.open_card(row, ring.scope_key(group_id, sealing.SCOPE)), sealing.open_told(row)


@remembered("venues_venue", "venues_meets", across_pages=True)
def _where(group_id: str, series_id: str) -> str:
    """The place of a series, by its id; empty: nobody chose. Everybody's door asks, in the same minute."""
    rows = Venue.objects.filter(group_id=group_id, meets__series_id=series_id)
    return rows.values_list("pk", flat=True).first() or ""


def told(*, group_id: str, series_id: str) -> str:
    """What members are told of the place of a series; empty if there is none. The caller knows that it is time (FMT1)."""
    chosen = _where(group_id, series_id)
    row = Venue.objects.filter(pk=chosen).first() if chosen else None
    if row is None:
        return ""
    try:
        return sealing.open_told(row).words
    except NotHere:
        return ""
