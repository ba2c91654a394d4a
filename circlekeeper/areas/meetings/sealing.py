"""Sealing what this room keeps sealed: where a series leads, who was at a meeting, what hosts said afterwards."""

from datetime import datetime
from typing import Protocol

from circlekeeper.areas.meetings.models import Series
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import envelope, kdf, shredstore

_PURPOSE = "outside-address"


class Addressed(Protocol):
    """A series, or the part of one that its address needs."""

    @property
    def pk(self) -> str:
        """The series' id."""

    @property
    def group_id(self) -> str:
        """Whose it is."""

    @property
    def sealed_address(self) -> bytes | memoryview | None:
        """The address; None: it has none."""

    @property
    def address_secret_id(self) -> str:
        """The secret it is sealed under."""


def _place(series_id: str, group_id: str) -> envelope.Place:
    return envelope.Place("meetings_series", series_id, "sealed_address", group_id)


def attendance_place(attendance_id: str, group_id: str) -> envelope.Place:
    """Where a sealed attendance record belongs."""
    return envelope.Place("meetings_attendance", attendance_id, "sealed", group_id)


def debrief_place(debrief_id: str, group_id: str) -> envelope.Place:
    """Where the sealed words after a meeting belong."""
    return envelope.Place("meetings_debrief", debrief_id, "blob", group_id)


def note_place(note_id: str, group_id: str) -> envelope.Place:
    """Where the team's copy of a private note belongs."""
    return envelope.Place("meetings_normnote", note_id, "blob", group_id)


def told_place(note_id: str, group_id: str) -> envelope.Place:
    """Where the member's copy of a private note belongs."""
    return envelope.Place("meetings_normnote", note_id, "told", group_id)


def keep_address(series: Series, address: str, *, now: datetime) -> None:
    """Seal an address onto a series, under a fresh secret of the shred store. Call it before the action that saves the row.

    The server itself must be able to open it at the door, so no person's key is involved; a copy of the main database
    alone cannot.
    """
    secret = shredstore.new_secret(record="address", group_id=series.group_id, now=now)
    key = kdf.derive(secret.value, _PURPOSE)
    series.address_secret_id = secret.id
    series.sealed_address = envelope.seal(key, address.encode(), _place(series.pk, series.group_id))


def open_address(series: Addressed) -> str:
    """The address of a series.

    :raises NotHere: it has none, or it was destroyed.
    """
    if series.sealed_address is None:
        raise NotHere
    try:
        key = kdf.derive(shredstore.secret(series.address_secret_id), _PURPOSE)
    except shredstore.Shredded:
        raise NotHere from None
    return envelope.unseal(key, bytes(series.sealed_address), _place(series.pk, series.group_id)).decode()
