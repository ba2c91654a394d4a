"""Looking before the doors open: trying our own door, asking the provider, and writing down what was seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from circlekeeper.areas.meetings import provider, rules, sessions
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.actions.arriving import arrive
from circlekeeper.areas.meetings.actions.door import go_in
from circlekeeper.areas.meetings.models import Answer, Format, Meeting, MeetingState, PersonalLink
from circlekeeper.areas.meetings.provider import Evidence, Proof
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id

WAITING_ROOM = "waiting-room-tested"
RECORDING = "recording-off"
POINTS = (WAITING_ROOM, RECORDING)
# What only a person can see is answered by a person.
_NOT_SEEN = (Evidence.ATTESTED, Evidence.IMPOSSIBLE, Evidence.WRITTEN_UNVERIFIED)


def try_waiting_room(*, by: str, group_id: str, meeting_id: str, now: datetime) -> bool:
    """Send a throw-away visitor to the door as it will be at the start, and see whether they are held outside (KIT6, TEC3).

    Where the provider has a waiting room that can be read back, it has to be on as well. Asking it happens here, before
    anything is written.
    """
    proofs = ask_provider(group_id=group_id, meeting_id=meeting_id, now=now)
    theirs = all(each.holds for each in proofs if each.control == WAITING_ROOM)
    return _probe(by=by, group_id=group_id, meeting_id=meeting_id, theirs=theirs, now=now)


def look_at_provider(*, by: str, group_id: str, meeting_id: str, now: datetime) -> list[Proof]:
    """Ask the provider about everything on the checklist that it can read back, and write that down (TEC3, TEC7, KIT8).

    Returns what it said; nothing where only a person can look. A setting that was flipped after planning shows here.
    """
    proofs = [each for each in _ask_all(group_id, meeting_id, now) if each.control in POINTS]
    seen = [each for each in proofs if each.evidence not in _NOT_SEEN]
    if seen:
        _write_down(by=by, group_id=group_id, meeting_id=meeting_id, proofs=proofs, now=now)
    return seen


def ask_provider(*, group_id: str, meeting_id: str, now: datetime) -> list[Proof]:
    """What the provider of a meeting reads back now; empty for a meeting in a room. Outside any transaction.

    :raises NotHere: this group has no such meeting.
    """
    return [each for each in _ask_all(group_id, meeting_id, now) if each.evidence not in _NOT_SEEN]


def _ask_all(group_id: str, meeting_id: str, now: datetime) -> list[Proof]:
    meeting = Meeting.objects.select_related("series").filter(pk=meeting_id, group_id=group_id).first()
    if meeting is None:
        raise NotHere
    if not Format(meeting.series.format).is_online:
        return []
    way = provider.provider(meeting.held_at)
    return list(way.verify(sessions.session_of(meeting), now=now))


@action("meetings.provider.look")
def _write_down(*, by: str, group_id: str, meeting_id: str, proofs: Iterable[Proof], now: datetime) -> None:
    meeting = rows.meeting(group_id, meeting_id)
    write_points(by=by, meeting=meeting, proofs=list(proofs), spoken=True, now=now)
    ledger.record(by=by, about=meeting.pk, at=now)


def write_points(*, by: str, meeting: Meeting, proofs: Sequence[Proof], spoken: bool, now: datetime) -> None:
    """Write down what a service's settings say about each point of the checklist; inside an action.

    A point holds when every setting that can be seen holds, by the weakest word of them. Where some settings can be seen
    by nobody but a person, a look at the service alone can only say that the point does not hold; ``spoken``: ``by`` looked
    at those too, and said that they are as they should be.
    """
    for point in POINTS:
        about = [each for each in proofs if each.control == point]
        seen = [each for each in about if each.evidence not in _NOT_SEEN]
        if not seen:
            continue
        holds = all(each.holds for each in seen)
        if holds and not spoken and len(seen) < len(about):
            continue
        weakest = max((each.evidence for each in seen), key=list(Evidence).index)
        word = weakest if len(seen) == len(about) or not holds else Evidence.ATTESTED
        _answer(meeting, point, word, holds, by, now).save(force_insert=True)


@action("meetings.point.answer")
def answer_point(
    *, by: str, group_id: str, meeting_id: str, point: str, evidence: str, holds: bool, now: datetime
) -> None:
    """Write down a named person's word on one point of the checklist.

    :raises Refused: there is no such point.
    """
    if point not in POINTS:
        raise NotHere
    meeting = rows.meeting(group_id, meeting_id)
    _answer(meeting, point, evidence, holds, by, now).save(force_insert=True)
    ledger.record(by=by, about=meeting.pk, at=now)


def _answer(meeting: Meeting, point: str, evidence: str, holds: bool, by: str, at: datetime) -> Answer:
    return Answer(pk=new_id(), meeting=meeting, point=point, evidence=evidence, holds=holds, by=by, at=at)


@action("meetings.probe.waiting-room")
def _probe(*, by: str, group_id: str, meeting_id: str, theirs: bool, now: datetime) -> bool:
    """The visitor, their link and their arrival are rolled back; only the dated answer stays."""
    meeting = rows.meeting(group_id, meeting_id)
    holds = theirs and _held_outside(meeting)
    _answer(meeting, WAITING_ROOM, Evidence.SELF_ENFORCED, holds, by, now).save(force_insert=True)
    ledger.record(by=by, about=meeting.pk, at=now)
    return holds


def _held_outside(meeting: Meeting) -> bool:
    if meeting.state not in (MeetingState.PLANNED, MeetingState.DOORS):
        return False
    undo = transaction.savepoint()
    try:
        token = new_id()
        device = rules.ON_THE_PHONE if meeting.series.format == Format.PHONE else new_id()
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
