"""Before a meeting in a room and online at once: its devices, everybody's yes to a camera, and a rehearsal (FMT10-FMT12)."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.venues import rules, sealing
from circlekeeper.areas.venues.models import CameraAsk, Rehearsal, RoomCheck
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore

RECORD = "attendance"


def check_room(
    *, by: str, group_id: str, meeting_id: str, states: Mapping[str, str], silenced: bool, now: datetime
) -> None:
    """Write down how each device of the room stands (``rules.DEVICES``), and that no messages show on its screen.

    If something films, everybody is asked on their own page, anew each time it is switched on; if nothing does, their
    answers are destroyed.

    :raises NotHere: no such meeting in a room and online. :raises Refused: a device was left out, or the meeting is over.
    """
    meeting = _both(group_id, meeting_id)
    if set(states) != set(rules.DEVICES) or not set(states.values()) <= set(rules.STATES):
        raise Refused(_("Say of each device how it stands."))
    asked = CameraAsk.objects.filter(meeting_id=meeting_id).first()
    new = None
    if rules.films(states) and asked is None:
        new = _new_ask(meeting, now)
    row = RoomCheck(
        meeting_id=meeting_id, group_id=group_id, states=dict(states), silenced=silenced, by=by, at=now
    )
    gone = _check(row=row, new=new, films=rules.films(states), now=now)
    if gone:
        shredstore.shred(gone, now=now)


def _new_ask(meeting: meetings.MeetingFacts, now: datetime) -> CameraAsk:
    secret = shredstore.new_secret(record=RECORD, group_id=meeting.group_id, now=now)
    row = CameraAsk(pk=new_id(), meeting_id=meeting.id, group_id=meeting.group_id, secret_id=secret.id)
    row.due_on = safeguards.due_on(group_id=meeting.group_id, record=RECORD, start=meeting.local_on)
    sealing.seal_answers(row, {}, secret=secret.value)
    return row


@action("venues.room.check")
def _check(*, row: RoomCheck, new: CameraAsk | None, films: bool, now: datetime) -> list[str]:
    kept = {"group_id": row.group_id, "states": row.states, "silenced": row.silenced, "by": row.by, "at": row.at}
    RoomCheck.objects.update_or_create(
        meeting_id=row.meeting_id, defaults=kept, create_defaults=kept | {"pk": new_id()}
    )
    gone = []
    if new is not None:
        new.save(force_insert=True)
    elif not films:
        gone = _drop(row.meeting_id)
    ledger.record(by=row.by, about=row.meeting_id, at=now)
    return gone


@action("venues.camera.answer")
def answer_camera(*, by: str, group_id: str, meeting_id: str, yes: bool, now: datetime) -> None:
    """A member (``by``) says yes or no to the camera in the room; the newest answer counts. The log does not say whose.

    :raises NotHere: nobody asks this, or not them.
    """
    ask = CameraAsk.objects.select_for_update().filter(meeting_id=meeting_id, group_id=group_id).first()
    if ask is None or by not in roster.active_ids(group_id):
        raise NotHere
    sealing.answer_once(ask, by, yes=yes)
    ask.save(update_fields=["sealed"])
    ledger.record(by="member", about=meeting_id, at=now)


@action("venues.room.rehearse")
def rehearse(
    *, by: str, group_id: str, meeting_id: str, read: str, heard: bool, door: bool, now: datetime
) -> None:
    """Sound, picture and door were tried with one person at home. ``read``: the words they saw on the room's screen.

    :raises NotHere: no such meeting in a room and online. :raises Refused: the words are not those of the screen, or a part
        did not work.
    """
    meeting = _both(group_id, meeting_id)
    if not rules.same_words(read, meeting.id):
        raise Refused(_("These are not the words on the room’s screen. Look at it together."), field="read")
    if not heard:
        raise Refused(_("Try again until both sides hear each other."), field="heard")
    if not door:
        raise Refused(_("Let the person at home come in through their own door once."), field="door")
    Rehearsal.objects.create(pk=new_id(), meeting_id=meeting_id, group_id=group_id, by=by, at=now)
    ledger.record(by=by, about=meeting_id, at=now)


def forget_answers(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """The meeting is over: what everybody said about the camera goes. Safe to call again."""
    if CameraAsk.objects.filter(meeting_id=meeting_id, group_id=group_id).exists():
        shredstore.shred(_forget(by=by, meeting_id=meeting_id, now=now), now=now)


@action("venues.camera.forget")
def _forget(*, by: str, meeting_id: str, now: datetime) -> list[str]:
    gone = _drop(meeting_id)
    ledger.record(by=by, about=meeting_id, at=now)
    return gone


def _drop(meeting_id: str) -> list[str]:
    rows = CameraAsk.objects.filter(meeting_id=meeting_id)
    secrets = list(rows.values_list("secret_id", flat=True))
    rows.delete()
    return secrets


def _both(group_id: str, meeting_id: str) -> meetings.MeetingFacts:
    meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    if not meeting.is_hybrid:
        raise NotHere
    if meeting.state in ("closed", "cancelled"):
        raise Refused(_("This meeting is over."))
    return meeting
