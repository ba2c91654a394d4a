"""Sealing what this room keeps sealed: where a series leads, who was at a meeting, what hosts said afterwards."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from circlekeeper.areas.meetings.models import Connection, SecondPlace, Series, Setup
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


def _place(row: Addressed) -> envelope.Place:
    table = "meetings_secondplace" if isinstance(row, SecondPlace) else "meetings_series"
    return envelope.Place(table, row.pk, "sealed_address", row.group_id)


def attendance_place(attendance_id: str, group_id: str) -> envelope.Place:
    """Where a sealed attendance record belongs."""
    return envelope.Place("meetings_attendance", attendance_id, "sealed", group_id)


def debrief_place(debrief_id: str, group_id: str) -> envelope.Place:
    """Where the sealed words after a meeting belong."""
    return envelope.Place("meetings_debrief", debrief_id, "blob", group_id)


def choice_place(choice_id: str, group_id: str) -> envelope.Place:
    """Where the sealed reasons for a way to meet belong."""
    return envelope.Place("meetings_choice", choice_id, "blob", group_id)


def note_place(note_id: str, group_id: str) -> envelope.Place:
    """Where the team's copy of a private note belongs."""
    return envelope.Place("meetings_normnote", note_id, "blob", group_id)


def told_place(note_id: str, group_id: str) -> envelope.Place:
    """Where the member's copy of a private note belongs."""
    return envelope.Place("meetings_normnote", note_id, "told", group_id)


def keep_address(series: Series | SecondPlace, address: str, *, now: datetime) -> None:
    """Seal an address onto a series or its second place, under a fresh secret of the shred store. Call it before the
    action that saves the row.

    The server itself must be able to open it at the door, so no person's key is involved; a copy of the main database
    alone cannot.
    """
    secret = shredstore.new_secret(record="address", group_id=series.group_id, now=now)
    key = kdf.derive(secret.value, _PURPOSE)
    series.address_secret_id = secret.id
    series.sealed_address = envelope.seal(key, address.encode(), _place(series))


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
    return envelope.unseal(key, bytes(series.sealed_address), _place(series)).decode()


def keep_settings(connection: Connection, values: Mapping[str, str], *, now: datetime) -> None:
    """Seal what was entered for a service onto its connection. Call it before the action that saves the row."""
    place = envelope.Place("meetings_connection", connection.pk, "sealed", connection.group_id)
    connection.secret_id, connection.sealed = _keep(values, place, now=now)


def open_settings(connection: Connection) -> dict[str, str]:
    """What was entered for a service.

    :raises NotHere: it was destroyed.
    """
    place = envelope.Place("meetings_connection", connection.pk, "sealed", connection.group_id)
    return _open(connection.secret_id, connection.sealed, place)


def keep_remote(setup: Setup, group_id: str, values: Mapping[str, str], *, now: datetime) -> None:
    """Seal what a connector wants to remember of a meeting. Call it before the action that saves the row."""
    place = envelope.Place("meetings_setup", setup.pk, "sealed", group_id)
    setup.secret_id, setup.sealed = _keep(values, place, now=now)


def open_remote(setup: Setup, group_id: str) -> dict[str, str]:
    """What a connector remembers of a meeting; nothing before it was set up.

    :raises NotHere: it was destroyed.
    """
    if setup.sealed is None:
        return {}
    return _open(setup.secret_id, setup.sealed, envelope.Place("meetings_setup", setup.pk, "sealed", group_id))


def _keep(values: Mapping[str, str], place: envelope.Place, *, now: datetime) -> tuple[str, bytes]:
    secret = shredstore.new_secret(record="address", group_id=place.group, now=now)
    return secret.id, envelope.seal(kdf.derive(secret.value, _PURPOSE), json.dumps(dict(values)).encode(), place)


def _open(secret_id: str, sealed: bytes | memoryview, place: envelope.Place) -> dict[str, str]:
    try:
        key = kdf.derive(shredstore.secret(secret_id), _PURPOSE)
    except shredstore.Shredded:
        raise NotHere from None
    found: dict[str, str] = json.loads(envelope.unseal(key, bytes(sealed), place))
    return found
