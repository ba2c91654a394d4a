"""At the door: arriving, being let in, held, sent away, coming back."""

from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, MeetingState, PersonalLink
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id

_CLOSED_DOOR = "This meeting is not taking people in now."


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the door said, and the place in the waiting room if there is one."""

    answer: rules.DoorAnswer
    arrival_id: str | None


@action("meetings.door.arrive")
def arrive(*, by: str, token: str, device: str, now: datetime) -> Arrived:
    """Place whoever holds this link in the waiting room, once per device.

    The log names the link, which is deleted when the meeting closes, not the member: the log must not become a list of
    who came when. ``by`` is ``"visitor"``.

    :raises NotHere: no such link.
    """
    mark = rules.token_hash(device)
    link = _locked_link(token)
    if link.device_hash is None:
        link.device_hash = mark
        link.save(update_fields=["device_hash"])
    here = list(link.arrivals.all())
    another = bytes(link.device_hash) != mark
    answer = _answer(link, here, another, now)
    ledger.record(by=by, about=link.pk, at=now)
    if answer not in (rules.DoorAnswer.WAIT, rules.DoorAnswer.WAIT_UNVERIFIED):
        return Arrived(answer, None)
    mine = next((each for each in here if bytes(each.device_hash) == mark), None)
    return Arrived(answer, _place(link, mine, mark, another, now))


def _locked_link(token: str) -> PersonalLink:
    links = PersonalLink.objects.select_related("meeting").select_for_update(of=("self",))
    link = links.filter(token_hash=rules.token_hash(token)).first()
    if link is None:
        raise NotHere
    return link


def _answer(link: PersonalLink, here: list[Arrival], another: bool, now: datetime) -> rules.DoorAnswer:
    return rules.door(
        state=link.meeting.state,
        opens_at=link.meeting.starts_at - rules.DOORS_BEFORE,
        now=now,
        revoked=link.revoked_at is not None,
        was_here=any(not each.unverified for each in here),
        another_device=another,
    )


def _place(link: PersonalLink, mine: Arrival | None, mark: bytes, another: bool, now: datetime) -> str:
    if mine is None:
        mine = Arrival.objects.create(
            pk=new_id(),
            link=link,
            meeting_id=link.meeting_id,
            group_id=link.group_id,
            device_hash=mark,
            unverified=another,
            arrived_at=now,
            due_on=link.due_on,
        )
    elif mine.state == ArrivalState.LEFT:
        # Someone whose line dropped comes back through the waiting room, also after the lock (TEC5).
        mine.state, mine.arrived_at, mine.decided_at = ArrivalState.WAITING, now, None
        mine.save(update_fields=["state", "arrived_at", "decided_at"])
    return mine.pk


def _decide(*, by: str, group_id: str, arrival_id: str, state: ArrivalState, now: datetime) -> None:
    arrival = Arrival.objects.select_for_update().filter(pk=arrival_id, group_id=group_id).first()
    if arrival is None:
        raise NotHere
    arrival.state, arrival.decided_at = state, now
    if state == ArrivalState.ADMITTED and arrival.inside_at is None:
        arrival.inside_at = now
    arrival.save(update_fields=["state", "decided_at", "inside_at"])
    ledger.record(by=by, about=arrival.link_id, at=now)


@action("meetings.door.admit")
def admit(*, by: str, group_id: str, arrival_id: str, now: datetime) -> None:
    """Let one person in. Whoever else waits with the same link stays out: one place, one device (TEC4).

    :raises Refused: the doors are not open, or another device with this link is already inside.
    """
    arrival = Arrival.objects.select_related("link__meeting").filter(pk=arrival_id, group_id=group_id).first()
    if arrival is None:
        raise NotHere
    if arrival.link.meeting.state not in (MeetingState.DOORS, MeetingState.LOCKED):
        raise Refused(_CLOSED_DOOR)
    inside = arrival.link.arrivals.filter(state=ArrivalState.ADMITTED).exclude(pk=arrival_id)
    if inside.exists():
        raise Refused("Another device with the same link is already inside. Let that one go first.")
    _decide(by=by, group_id=group_id, arrival_id=arrival_id, state=ArrivalState.ADMITTED, now=now)


@action("meetings.door.hold")
def hold(*, by: str, group_id: str, arrival_id: str, now: datetime) -> None:
    """Ask someone to wait a little longer; undone by admitting them."""
    _decide(by=by, group_id=group_id, arrival_id=arrival_id, state=ArrivalState.HELD, now=now)


@action("meetings.door.remove")
def remove(*, by: str, group_id: str, arrival_id: str, now: datetime) -> None:
    """Send someone away from this meeting; their link no longer leads in."""
    _decide(by=by, group_id=group_id, arrival_id=arrival_id, state=ArrivalState.REMOVED, now=now)


@action("meetings.door.enter")
def go_in(*, by: str, token: str, device: str, now: datetime) -> str:
    """An admitted person passes the door; returns the meeting's id for minting their way in.

    :raises Refused: they have not been admitted, or the meeting is over.
    """
    arrival = _arrival(token, device)
    meeting = arrival.link.meeting
    if arrival.state != ArrivalState.ADMITTED or arrival.link.revoked_at is not None:
        raise Refused("A host has not let you in yet. Please wait here.")
    if meeting.state not in (MeetingState.DOORS, MeetingState.LOCKED):
        raise Refused(_CLOSED_DOOR)
    ledger.record(by=by, about=arrival.link_id, at=now)
    return str(meeting.pk)


@action("meetings.door.leave")
def step_out(*, by: str, token: str, device: str, now: datetime) -> None:
    """Someone leaves, or their line dropped; they may come back through the waiting room."""
    arrival = _arrival(token, device)
    if arrival.state != ArrivalState.REMOVED:
        arrival.state, arrival.decided_at = ArrivalState.LEFT, now
        arrival.save(update_fields=["state", "decided_at"])
    ledger.record(by=by, about=arrival.link_id, at=now)


def _arrival(token: str, device: str) -> Arrival:
    arrivals = Arrival.objects.select_related("link__meeting").select_for_update(of=("self",))
    arrival = arrivals.filter(
        link__token_hash=rules.token_hash(token), device_hash=rules.token_hash(device)
    ).first()
    if arrival is None:
        raise NotHere
    return arrival
