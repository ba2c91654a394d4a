"""Arriving at the door: one alone, or everybody who comes at the same moment in one transaction.

The log names links, which are deleted when the meeting closes, never members: it must not become a list of who came when.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import queries, rules
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Format, PersonalLink
from circlekeeper.foundation import ledger, planned
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id

VERB = "meetings.door.arrive"
# A link that was passed on must not fill the waiting room; whoever it belongs to asks for a new one on their own page.
MOST_DEVICES = 6
_WAITS = (rules.DoorAnswer.WAIT, rules.DoorAnswer.WAIT_UNVERIFIED)
_LINKS = PersonalLink._meta.db_table


@dataclass(frozen=True, slots=True)
class Comer:
    """Someone who asks to come in: the token of their link, and their device."""

    token: str
    device: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the door said, and the place in the waiting room if there is one."""

    answer: rules.DoorAnswer
    arrival_id: str | None


Outcome = Arrived | NotHere | Refused


class NobodyArrived(Exception):
    """None of those who came together was heard, so nothing was written. ``outcomes`` says why, one by one."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


@action(VERB)
def arrive(*, by: str, token: str, device: str, now: datetime) -> Arrived:
    """Place whoever holds this link in the waiting room, once per device. ``by`` is ``"visitor"``.

    The first device that gets a place is the link's own; a second one waits as unverified (FMT5). Five statements.

    :raises NotHere: no such link. :raises Refused: too many devices wait with it already.
    """
    (outcome,) = _arrive([Comer(token, device)], by=by, now=now)
    if isinstance(outcome, Arrived):
        return outcome
    raise outcome


@action("meetings.door.arrive-together")
def arrive_together(*, by: str, comers: Sequence[Comer], now: datetime) -> list[Outcome]:
    """``arrive`` for everybody who comes at the same moment, in their order: one line in the log each.

    Whoever is turned away spoils nothing for the others: their outcome is the error ``arrive`` would raise.

    :raises NobodyArrived: all were turned away; the outcomes are in it.
    """
    outcomes = _arrive(comers, by=by, now=now)
    if not any(isinstance(each, Arrived) for each in outcomes):
        raise NobodyArrived(outcomes)
    return outcomes


def call_in(hashed: bytes, *, now: datetime) -> rules.DoorAnswer:
    """What the door says to the caller whose link has this hash; inside an action, which writes the line in the log.

    A call is one and the same device at every try, so that whoever calls again after their line dropped comes back.
    """
    waiting_room = _WaitingRoom(queries.links([hashed]), now)
    outcome = waiting_room.take(hashed, rules.ON_THE_PHONE)
    waiting_room.write()
    return outcome.answer if isinstance(outcome, Arrived) else rules.DoorAnswer.REVOKED


def _arrive(comers: Sequence[Comer], *, by: str, now: datetime) -> list[Outcome]:
    hashes = [rules.token_hash(each.token) for each in comers]
    waiting_room = _WaitingRoom(queries.links(hashes), now)
    outcomes = [waiting_room.take(hashed, comer.device) for hashed, comer in zip(hashes, comers, strict=True)]
    waiting_room.write()
    ledger.record_many(ledger.Line(by, about, now, VERB) for about in waiting_room.heard)
    return outcomes


@dataclass(slots=True)
class _WaitingRoom:
    """The links as they are after each one who came, and what is to be written in the end."""

    links: dict[bytes, queries.LinkFacts]
    now: datetime
    heard: list[str] = field(default_factory=list)
    _bound: dict[str, bytes] = field(default_factory=dict)
    _new: list[Arrival] = field(default_factory=list)
    _back: list[str] = field(default_factory=list)

    def take(self, hashed: bytes, device: str) -> Outcome:
        link = self.links.get(hashed)
        if link is None:
            return NotHere()
        if (link.meeting.format == Format.PHONE) != (device == rules.ON_THE_PHONE):
            return NotHere()  # a caller comes with their PIN, and nobody else with the name of a call
        mark = rules.device_mark(device, link.id)
        answer = link.answer(mark, self.now)
        arrival_id = None
        if answer in _WAITS:
            seen = self._place(link, mark, unverified=answer is rules.DoorAnswer.WAIT_UNVERIFIED)
            if seen is None:
                return Refused(_("This link was opened on too many devices. Ask for a new one on your own page."))
            self.links[hashed], arrival_id = seen
        self.heard.append(link.id)
        return Arrived(answer, arrival_id)

    def _place(
        self, link: queries.LinkFacts, mark: bytes, *, unverified: bool
    ) -> tuple[queries.LinkFacts, str] | None:
        """The link with this device in the waiting room, and its place; None: too many devices came."""
        mine = link.device(mark)
        if mine is None:
            if sum(each.state != ArrivalState.LEFT for each in link.devices) >= MOST_DEVICES:
                return None
            mine = queries.Device(new_id(), mark, ArrivalState.WAITING, unverified)
            self._new.append(self._row(link, mine))
            link = replace(link, devices=(*link.devices, mine))
        elif mine.state == ArrivalState.LEFT:
            # Someone whose line dropped comes back through the waiting room, also after the lock (TEC5).
            self._back.append(mine.arrival_id)
            back = replace(mine, state=ArrivalState.WAITING)
            link = replace(link, devices=tuple(back if each is mine else each for each in link.devices))
        if link.device_hash is None:
            self._bound[link.id] = mark
            link = replace(link, device_hash=mark)
        return link, mine.arrival_id

    def _row(self, link: queries.LinkFacts, device: queries.Device) -> Arrival:
        return Arrival(
            pk=device.arrival_id,
            link_id=link.id,
            meeting_id=link.meeting.id,
            group_id=link.group_id,
            device_hash=device.mark,
            unverified=device.unverified,
            arrived_at=self.now,
            due_on=link.due_on,
        )

    def write(self) -> None:
        if self._bound:
            with connection.cursor() as cursor:
                cursor.executemany(
                    f'UPDATE "{_LINKS}" SET device_hash = %s WHERE id = %s',  # noqa: S608 - the name of our table
                    [(mark, link_id) for link_id, mark in self._bound.items()],
                )
        if self._new:
            planned.insert(self._new)
        if self._back:
            Arrival.objects.filter(pk__in=self._back).update(
                state=ArrivalState.WAITING, arrived_at=self.now, decided_at=self.now
            )
