"""At the door: being let in, held, sent away, going in and out. Arriving is in ``arriving``.

The log names links, which are deleted when the meeting closes, never members: it must not become a list of who came when.
"""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import provider, rules, sessions
from circlekeeper.areas.meetings.actions import calling
from circlekeeper.areas.meetings.models import Arrival, ArrivalState, Format, Meeting, MeetingState, PersonalLink
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused

log = logging.getLogger(__name__)
_AT_THE_DOOR = (ArrivalState.WAITING, ArrivalState.HELD)
_RUNNING = (MeetingState.DOORS, MeetingState.LOCKED)


def _arrival(group_id: str, arrival_id: str) -> Arrival:
    arrivals = Arrival.objects.select_related("link__meeting").select_for_update(of=("self",))
    found = arrivals.filter(pk=arrival_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    return found


def _decide(arrival: Arrival, state: ArrivalState, *, by: str, now: datetime) -> None:
    arrival.state, arrival.decided_at = state, now
    if state == ArrivalState.ADMITTED and arrival.inside_at is None:
        arrival.inside_at = now
    arrival.save(update_fields=["state", "decided_at", "inside_at", "unverified"])
    ledger.record(by=by, about=arrival.link_id, at=now)


@action("meetings.door.admit")
def admit(*, by: str, group_id: str, arrival_id: str, now: datetime) -> None:
    """Let one person in. Whoever else waits with the same link stays out: one place, one device (TEC4).

    A host who lets in a second device says with it that it is the right one. The first person let in starts the clock
    after which the doors lock themselves (TEC5).

    :raises Refused: the doors are not open, they have gone or were sent away, or another device with this link is inside.
    """
    arrival = _arrival(group_id, arrival_id)
    link = arrival.link
    if link.meeting.state not in _RUNNING:
        raise Refused(_("This meeting is not taking people in now."))
    if link.meeting.paused_at is not None:
        raise Refused(_("The meeting is paused. Let people in when you go on."))
    if arrival.state == ArrivalState.REMOVED:
        raise Refused(_("This person was sent away. Let them wait again first."))
    if arrival.state == ArrivalState.LEFT or link.revoked_at is not None:
        raise Refused(_("They have gone. They can come back through the waiting room."))
    if link.arrivals.filter(state=ArrivalState.ADMITTED).exclude(pk=arrival_id).exists():
        raise Refused(_("Another device with the same link is already inside. Send that one away first."))
    if arrival.unverified:
        link.device_hash, arrival.unverified = arrival.device_hash, False
        link.save(update_fields=["device_hash"])
        link.arrivals.exclude(pk=arrival_id).update(unverified=True)
    _decide(arrival, ArrivalState.ADMITTED, by=by, now=now)
    start_lock(link.meeting, now)


def start_lock(meeting: Meeting, now: datetime) -> None:
    """The first one inside starts the clock after which the doors lock themselves (TEC5)."""
    if meeting.lock_after is not None and meeting.locks_at is None:
        locks_at = max(now, meeting.starts_at) + timedelta(minutes=meeting.lock_after)
        Meeting.objects.filter(pk=meeting.pk, locks_at__isnull=True).update(locks_at=locks_at)


@action("meetings.door.hold")
def hold(*, by: str, group_id: str, arrival_id: str, now: datetime) -> None:
    """Ask someone to wait a little longer, or let someone wait again who was sent away. Undone by admitting them.

    :raises Refused: they are inside, or have gone.
    """
    arrival = _arrival(group_id, arrival_id)
    if arrival.state not in (*_AT_THE_DOOR, ArrivalState.REMOVED):
        raise Refused(_("They are not waiting."))
    _decide(arrival, ArrivalState.HELD, by=by, now=now)


@action("meetings.door.ask")
def ask_at_door(*, by: str, group_id: str, arrival_id: str, question: str, now: datetime) -> None:
    """Ask somebody who waits one of the few questions (``rules.Asked``); an earlier question and its answer go.

    :raises NotHere: no such question. :raises Refused: they are not waiting.
    """
    arrival = _arrival(group_id, arrival_id)
    if question not in list(rules.Asked):
        raise NotHere
    if arrival.state not in _AT_THE_DOOR:
        raise Refused(_("They are not waiting."))
    arrival.asked, arrival.answered, arrival.decided_at = question, "", now
    arrival.save(update_fields=["asked", "answered", "decided_at"])
    ledger.record(by=by, about=arrival.link_id, at=now)


@action("meetings.door.answer")
def answer_host(*, by: str, token: str, device: str, answer: str, now: datetime) -> None:
    """Answer a host's question at the door with yes or no.

    :raises NotHere: nobody asked this device anything, or this is no answer.
    """
    arrival = _own_arrival(token, device)
    if not arrival.asked or answer not in rules.ANSWERS:
        raise NotHere
    arrival.answered, arrival.decided_at = answer, now
    arrival.save(update_fields=["answered", "decided_at"])
    ledger.record(by=by, about=arrival.link_id, at=now)


def remove(*, by: str, group_id: str, arrival_id: str, now: datetime) -> bool:
    """Send someone away from this meeting: their link leads nowhere until a host lets them wait again (``hold``).

    Returns whether they are out at the service too; False: a host has to do it there.

    :raises Refused: they were sent away, but the phone service did not say that it hung up.
    """
    arrival, was_inside = _send_away(by=by, group_id=group_id, arrival_id=arrival_id, now=now)
    if not calling.is_by_phone(arrival.link_id):
        return arrival.inside_at is None or _put_out(arrival, now)
    if was_inside and not calling.hang_up(link_id=arrival.link_id, now=now):
        raise Refused(
            _("The phone service did not hang up, so they may still hear you. Close the meeting if they do.")
        )
    return True


@action("meetings.door.remove")
def _send_away(*, by: str, group_id: str, arrival_id: str, now: datetime) -> tuple[Arrival, bool]:
    arrival = _arrival(group_id, arrival_id)
    was_inside = arrival.state == ArrivalState.ADMITTED
    _decide(arrival, ArrivalState.REMOVED, by=by, now=now)
    return arrival, was_inside


def _put_out(arrival: Arrival, now: datetime) -> bool:
    """Ask the service, where it can be asked. Here they are out whatever it says."""
    meeting = Meeting.objects.select_related("series").get(pk=arrival.meeting_id)
    if not Format(meeting.series.format).is_online:
        return True
    way = provider.provider(meeting.held_at)
    guest = provider.Guest(ref=rules.guest_ref(bytes(arrival.link.token_hash), meeting.pk), alias="")
    try:
        return bool(way.remove(sessions.session_of(meeting), guest, now=now))
    except Exception as failure:
        # Its text may hold an address and is not written down.
        log.warning("putting somebody out at %s failed: %s", way.name, type(failure).__name__)
        return False


@action("meetings.door.enter")
def go_in(*, by: str, token: str, device: str, now: datetime) -> str:
    """An admitted person passes the door; returns the meeting's id for minting their way in.

    :raises Refused: they have not been admitted, or the meeting is over. :raises NotHere: they never came to this door.
    """
    arrival = _own_arrival(token, device)
    meeting = arrival.link.meeting
    if arrival.state != ArrivalState.ADMITTED or arrival.link.revoked_at is not None:
        raise Refused(_("A host has not let you in yet. Please wait here."))
    if meeting.state not in _RUNNING:
        raise Refused(_("This meeting is not taking people in now."))
    ledger.record(by=by, about=arrival.link_id, at=now)
    return str(meeting.pk)


@action("meetings.door.leave")
def step_out(*, by: str, token: str, device: str, now: datetime) -> None:
    """Someone leaves, or their line dropped; they may come back through the waiting room.

    :raises NotHere: they never came to this door.
    """
    arrival = _own_arrival(token, device)
    if arrival.state != ArrivalState.REMOVED:
        arrival.state, arrival.decided_at = ArrivalState.LEFT, now
        arrival.save(update_fields=["state", "decided_at"])
    ledger.record(by=by, about=arrival.link_id, at=now)


def _own_arrival(token: str, device: str) -> Arrival:
    links = PersonalLink.objects.filter(token_hash=rules.token_hash(token))
    link_id, how = links.values_list("pk", "meeting__series__format").first() or (None, "")
    if link_id is None:
        raise NotHere
    device = rules.ON_THE_PHONE if how == Format.PHONE else device
    arrivals = Arrival.objects.select_related("link__meeting").select_for_update(of=("self",))
    arrival = arrivals.filter(link_id=link_id, device_hash=rules.device_mark(device, link_id)).first()
    if arrival is None:
        raise NotHere
    return arrival
