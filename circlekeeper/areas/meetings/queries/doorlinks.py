"""Personal links as rows: each with its meeting and the devices that came with it, any number in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import ArrivalState, PersonalLink
from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.foundation.statements import Prepared

_LINK = ("pk", "token_hash", "group_id", "device_hash", "revoked_at", "due_on")
_DEVICE = (
    "arrivals__pk",
    "arrivals__device_hash",
    "arrivals__state",
    "arrivals__unverified",
    "arrivals__asked",
    "arrivals__answered",
)
_SERIES = frozenset({"format", "provider", "time_zone"})
_MEETING = tuple(
    f"meeting__series__{name}" if name in _SERIES else f"meeting__{name}" for name in MeetingFacts.__slots__
)
_ADDRESS = ("meeting__series__sealed_address", "meeting__series__address_secret_id")
_DEVICES_AT, _MEETING_AT = len(_LINK), len(_LINK) + len(_DEVICE)
_ADDRESS_AT = _MEETING_AT + len(_MEETING)


@dataclass(frozen=True, slots=True)
class Device:
    """One device that came with a link. ``mark``: what is kept of it. ``asked``: what a host waits to hear, or empty."""

    arrival_id: str
    mark: bytes
    state: str
    unverified: bool
    asked: str = ""


@dataclass(frozen=True, slots=True)
class SealedAddress:
    """Where a series leads, sealed; ``sealing`` opens it."""

    pk: str
    group_id: str
    sealed_address: bytes
    address_secret_id: str


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """One link. ``device_hash``: the mark of the device it belongs to, once there is one."""

    id: str
    group_id: str
    device_hash: bytes | None
    revoked_at: datetime | None
    due_on: date
    meeting: MeetingFacts
    address: SealedAddress | None
    devices: tuple[Device, ...]

    def device(self, mark: bytes) -> Device | None:
        """The device with this mark, if it came before."""
        return next((each for each in self.devices if each.mark == mark), None)

    def answer(self, mark: bytes, now: datetime) -> rules.DoorAnswer:
        """Where the link leads for one device."""
        return rules.door(
            state=self.meeting.state,
            opens_at=self.meeting.opens_at,
            locks_at=self.meeting.locks_at,
            now=now,
            revoked=self.revoked_at is not None,
            another_device=self.device_hash is not None and self.device_hash != mark,
            came=[
                rules.Came(
                    asking=each.mark == mark,
                    unverified=each.unverified,
                    removed=each.state == ArrivalState.REMOVED,
                )
                for each in self.devices
            ],
        )


def link(hashed: bytes) -> LinkFacts | None:
    """The link with this ``rules.token_hash``, or None; it may have been replaced, or its meeting closed."""
    return links([hashed]).get(hashed)


def links(hashes: Iterable[bytes]) -> dict[bytes, LinkFacts]:
    """The links with these ``rules.token_hash``es, by hash; those that do not exist are absent. One statement."""
    wanted = list(dict.fromkeys(hashes))
    if not wanted:
        return {}
    # A statement is made for 1, 2, 4, 8 … hashes; the last one is asked for again to fill it up.
    size = 1 << (len(wanted) - 1).bit_length()
    rows = _statement(size).rows(*wanted, *([wanted[-1]] * (size - len(wanted))))
    grouped: dict[bytes, list[tuple[Any, ...]]] = {}
    for row in rows:
        grouped.setdefault(bytes(row[1]), []).append(row)
    return {hashed: _facts(found) for hashed, found in grouped.items()}


@cache
def _statement(size: int) -> Prepared:
    samples = [number.to_bytes(32, "big") for number in range(size)]
    return Prepared(_rows, samples)


def _rows(*hashes: bytes) -> QuerySet[Any, Any]:
    return PersonalLink.objects.filter(token_hash__in=hashes).values_list(*_LINK, *_DEVICE, *_MEETING, *_ADDRESS)


def _facts(rows: Sequence[tuple[Any, ...]]) -> LinkFacts:
    pk, _hash, group_id, device_hash, revoked_at, due_on = rows[0][:_DEVICES_AT]
    found = [row[_DEVICES_AT:_MEETING_AT] for row in rows]
    meeting = MeetingFacts(*rows[0][_MEETING_AT:_ADDRESS_AT])
    sealed, secret_id = rows[0][_ADDRESS_AT:]
    return LinkFacts(
        pk,
        group_id,
        None if device_hash is None else bytes(device_hash),
        revoked_at,
        due_on,
        meeting,
        None if sealed is None else SealedAddress(meeting.series_id, group_id, bytes(sealed), secret_id),
        tuple(
            Device(each[0], bytes(each[1]), each[2], bool(each[3]), "" if each[5] else each[4])
            for each in found
            if each[0] is not None
        ),
    )
