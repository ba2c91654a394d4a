"""Trying the door with a throw-away visitor (KIT6)."""

from datetime import datetime

from django.db import transaction

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.actions.door import arrive, go_in
from circlekeeper.areas.meetings.models import Answer, Meeting, PersonalLink
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id

WAITING_ROOM = "waiting-room-tested"


@action("meetings.probe.waiting-room")
def try_waiting_room(*, by: str, group_id: str, meeting_id: str, now: datetime) -> bool:
    """Send a throw-away visitor to the door as it will be at the start, and see whether they are held outside.

    The visitor, their link and their arrival are rolled back; only the dated answer stays.
    """
    meeting = Meeting.objects.filter(pk=meeting_id, group_id=group_id).first()
    if meeting is None:
        raise NotHere
    holds = _held_outside(meeting)
    Answer.objects.create(
        pk=new_id(),
        meeting=meeting,
        point=WAITING_ROOM,
        evidence=Evidence.SELF_ENFORCED,
        holds=holds,
        by=by,
        at=now,
    )
    ledger.record(by=by, about=meeting.pk, at=now)
    return holds


def _held_outside(meeting: Meeting) -> bool:
    undo = transaction.savepoint()
    try:
        token, device = new_id(), new_id()
        PersonalLink.objects.create(
            pk=new_id(),
            meeting=meeting,
            group_id=meeting.group_id,
            member_id="probe",
            token_hash=rules.token_hash(token),
            due_on=meeting.local_on,
        )
        arrived = arrive(by="system", token=token, device=device, now=meeting.starts_at)
        return arrived.answer is rules.DoorAnswer.WAIT and _refused(token, device, meeting.starts_at)
    finally:
        transaction.savepoint_rollback(undo)


def _refused(token: str, device: str, at: datetime) -> bool:
    try:
        go_in(by="system", token=token, device=device, now=at)
    except Refused:
        return True
    return False
