"""Calling in: one PIN per person and meeting, taken at the desk, and the same waiting room as for everybody else (FMT13).

Nothing of a caller's number comes in here: a call is known by the service's own name for it, and that only as a keyed hash.
"""

import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import provider, rules, sessions
from circlekeeper.areas.meetings.actions import arriving, rows
from circlekeeper.areas.meetings.models import (
    Arrival,
    ArrivalState,
    Format,
    Host,
    Meeting,
    MeetingState,
    PersonalLink,
    Pin,
    Setup,
)
from circlekeeper.areas.meetings.provider import Caller, Standing
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import throttle
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused

log = logging.getLogger(__name__)
WRONG_PER_CALL = 3
# Of a hundred million PINs a few dozen are good, so an hour of wrong ones finds none; and nobody shuts a line for long.
WRONG_PER_LINE = 60
_HOUR = 60 * 60
_RUNNING = (MeetingState.DOORS, MeetingState.LOCKED)
_HERE = (ArrivalState.WAITING, ArrivalState.HELD, ArrivalState.ADMITTED)
_REFUSED = {rules.DoorAnswer.LOCKED: Standing.LOCKED, rules.DoorAnswer.TOO_EARLY: Standing.WRONG}


def give_pin(*, by: str, token: str, now: datetime) -> str:
    """A member asks for their digits: returns new ones, and those before end, with the call that was made with them.

    Whoever was inside waits again, so that digits passed on bring in nobody beside the one they belong to.

    :raises NotHere: no such link. :raises Refused: this meeting is not by phone, or not now.
    """
    link_id, pin, was_inside = _give_pin(by=by, token=token, now=now)
    if was_inside:
        hang_up(link_id=link_id, now=now)
    return pin


@action("meetings.pin.give")
def _give_pin(*, by: str, token: str, now: datetime) -> tuple[str, str, bool]:
    hashed = rules.token_hash(token)
    link = PersonalLink.objects.select_related("meeting__series").filter(token_hash=hashed).first()
    if link is None:
        raise NotHere
    meeting = _by_phone(link.meeting)
    near = meeting.state in _RUNNING or (meeting.state == MeetingState.PLANNED and now >= meeting.opens_at)
    if link.revoked_at is not None or not near:
        raise Refused(_("You cannot call in to this meeting now."))
    here = Arrival.objects.filter(link=link).exclude(state=ArrivalState.REMOVED)
    was_inside = here.filter(state=ArrivalState.ADMITTED).exists()
    here.update(state=ArrivalState.LEFT, decided_at=now)
    pin = _new_pin(meeting, Pin.objects.filter(link=link).first() or Pin(link=link, due_on=link.due_on))
    ledger.record(by=by, about=link.pk, at=now)
    return link.pk, pin, was_inside


@action("meetings.pin.give-host")
def give_host_pin(*, by: str, group_id: str, meeting_id: str, now: datetime) -> str:
    """Somebody who helps at this meeting asks for their digits; with them they are inside without waiting.

    :raises Refused: they carry no part of this meeting, or it is over, or not by phone.
    """
    meeting = _by_phone(rows.meeting(group_id, meeting_id))
    if meeting.state not in (MeetingState.PLANNED, *_RUNNING):
        raise Refused(_("This meeting is over."))
    parts = Host.objects.filter(meeting=meeting, person_id=by, absent_at__isnull=True).order_by("pk")
    host = parts.first()
    if host is None:
        raise Refused(
            _("Only those who carry a part of this meeting call in. Say on the meeting's page which is yours.")
        )
    due = safeguards.due_on(group_id=group_id, record="attendance", start=meeting.local_on)
    pin = _new_pin(meeting, Pin.objects.filter(host=host).first() or Pin(host=host, due_on=due))
    ledger.record(by=by, about=meeting.pk, at=now)
    return pin


def _by_phone(meeting: Meeting) -> Meeting:
    if meeting.series.format != Format.PHONE:
        raise Refused(_("Nobody calls in to this meeting."))
    return meeting


def _new_pin(meeting: Meeting, row: Pin) -> str:
    row.meeting, row.group_id = meeting, meeting.group_id
    row.used_at = row.call_mark = None
    while True:
        pin = f"{secrets.randbelow(10**rules.PIN_DIGITS):0{rules.PIN_DIGITS}d}"
        row.pin_hash = _hash("pin", meeting.group_id, pin)
        if not Pin.objects.filter(group_id=meeting.group_id, pin_hash=row.pin_hash).exists():
            row.save()
            return pin


def hang_up(*, link_id: str, now: datetime) -> bool:
    """Put the caller of a link out at the phone service; False: the service could not be asked."""
    meeting = Meeting.objects.select_related("series").get(links=link_id)
    guest = provider.Guest(ref=_ref(link_id, meeting.pk), alias="")
    try:
        return provider.provider(meeting.series.provider).remove(sessions.session_of(meeting), guest, now=now)
    except Exception as failure:
        # Whatever it was, somebody may still be inside: it is said, and tried again. Its text may hold an address.
        log.warning("hanging up at %s failed: %s", meeting.series.provider, type(failure).__name__)
        return False


def hang_up_gone(*, now: datetime) -> None:
    """The job of every minute: hang up on callers whose place is gone, because their link ended or was given anew.

    What the service did not do at once is asked for again until it did.
    """
    here = Arrival.objects.filter(link=OuterRef("link"), link__revoked_at__isnull=True, state__in=_HERE)
    calls = Pin.objects.filter(link__isnull=False, call_mark__isnull=False, meeting__state__in=_RUNNING)
    for pin in calls.filter(~Exists(here)).order_by("pk"):
        if pin.link_id is not None and hang_up(link_id=pin.link_id, now=now):
            _forget_call(by="system", pin=pin, now=now)


@action("meetings.pin.forget-call")
def _forget_call(*, by: str, pin: Pin, now: datetime) -> None:
    Pin.objects.filter(pk=pin.pk, call_mark=pin.call_mark).update(call_mark=None)
    ledger.record(by=by, about=pin.meeting_id, at=now)


def is_by_phone(link_id: str) -> bool:
    """Whether the meeting of a link is held by phone."""
    return PersonalLink.objects.filter(pk=link_id, meeting__series__format=Format.PHONE).exists()


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one line: a group's connection to its phone service. Implements `provider.Desk`."""

    group_id: str
    line: str
    now: datetime

    def take(self, *, pin: str, call: str) -> Caller:
        """A right PIN is an arrival in the waiting room; it is used up, except for the call that used it."""
        limits = (
            throttle.Limit("meetings.pin.call", call, WRONG_PER_CALL, _HOUR),
            throttle.Limit("meetings.pin.line", self.line, WRONG_PER_LINE, _HOUR),
        )
        if any(each.reached for each in limits):
            return Caller(Standing.TOO_OFTEN)
        standing = _take(by="visitor", desk=self, pin=pin, mark=_hash("call", self.line, call), now=self.now)
        if standing is Standing.WRONG:
            for each in limits:
                each.count()
        return self.stands(call=call) if standing is Standing.WAITING else Caller(standing)

    def stands(self, *, call: str) -> Caller:
        """Where this caller is now."""
        pin = self._pin(call)
        if pin is None or pin.meeting.state not in (MeetingState.PLANNED, *_RUNNING):
            return Caller(Standing.GONE)
        room = (
            Setup.objects.filter(meeting=pin.meeting, set_at__isnull=False).values_list("room", flat=True).first()
        )
        if room is None or pin.meeting.state == MeetingState.PLANNED:
            return Caller(Standing.WAITING)
        if pin.link is None:
            return self._inside(pin, room, pin.pk)
        mark = rules.device_mark(rules.ON_THE_PHONE, pin.link.pk)
        state = Arrival.objects.filter(link=pin.link, device_hash=mark).values_list("state", flat=True).first()
        if state == ArrivalState.ADMITTED and pin.link.revoked_at is None:
            return self._inside(pin, room, pin.link.pk)
        waits = state in (ArrivalState.WAITING, ArrivalState.HELD) and pin.link.revoked_at is None
        return Caller(Standing.WAITING if waits else Standing.GONE)

    def _inside(self, pin: Pin, room: str, about: str) -> Caller:
        people = sessions.wanted(self.group_id).people
        ref = _ref(about, pin.meeting_id)
        return Caller(Standing.ADMITTED, room, ref, is_host=pin.link_id is None, people=people)

    def left(self, *, call: str) -> None:
        """The call has ended: they are not in the waiting room or inside any more."""
        pin = self._pin(call)
        if pin is not None and pin.link is not None:
            _leave(by="visitor", link_id=pin.link.pk, now=self.now)

    def _pin(self, call: str) -> Pin | None:
        found = Pin.objects.select_related("meeting", "link", "host")
        return found.filter(group_id=self.group_id, call_mark=_hash("call", self.line, call)).first()


@action("meetings.pin.take")
def _take(*, by: str, desk: Desk, pin: str, mark: bytes, now: datetime) -> Standing:
    rows_ = Pin.objects.select_related("meeting", "link").select_for_update(of=("self",))
    found = rows_.filter(group_id=desk.group_id, pin_hash=_hash("pin", desk.group_id, pin)).first()
    standing = Standing.WRONG if found is None else _let_wait(found, mark, now)
    ledger.record(by=by, about=desk.line if found is None else found.link_id or found.meeting_id, at=now)
    return standing


def _let_wait(pin: Pin, mark: bytes, now: datetime) -> Standing:
    if pin.used_at is not None:
        return Standing.WAITING if hmac.compare_digest(bytes(pin.call_mark or b""), mark) else Standing.WRONG
    if pin.meeting.state not in (MeetingState.PLANNED, *_RUNNING):
        return Standing.WRONG
    if pin.link is not None:
        answer = arriving.call_in(bytes(pin.link.token_hash), now=now)
        if answer is not rules.DoorAnswer.WAIT:
            return _REFUSED.get(answer, Standing.GONE)
    pin.used_at, pin.call_mark = now, mark
    pin.save(update_fields=["used_at", "call_mark"])
    return Standing.WAITING


@action("meetings.pin.leave")
def _leave(*, by: str, link_id: str, now: datetime) -> None:
    mark = rules.device_mark(rules.ON_THE_PHONE, link_id)
    here = Arrival.objects.filter(link_id=link_id, device_hash=mark).exclude(state=ArrivalState.REMOVED)
    here.update(state=ArrivalState.LEFT, decided_at=now)
    Pin.objects.filter(link_id=link_id).update(call_mark=None)
    ledger.record(by=by, about=link_id, at=now)


def _ref(about: str, meeting_id: str) -> str:
    return rules.guest_ref(about.encode(), meeting_id)


def _hash(what: str, where: str, said: str) -> bytes:
    return salted_hmac(
        f"circlekeeper.meetings.{what}.{where}", said, secret=settings.SECRET_KEY, algorithm="sha256"
    ).digest()
