"""Running one meeting: its people, its checklist, its doors, its end."""

from datetime import datetime, timedelta

from circlekeeper.areas.meetings.models import (
    Answer,
    Arrival,
    Attendance,
    Host,
    Meeting,
    MeetingState,
)
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import buckets, envelope

EARLIEST_DOORS = timedelta(hours=2)


def attendance_place(attendance_id: str, group_id: str) -> envelope.Place:
    """Where a sealed attendance record belongs."""
    return envelope.Place("meetings_attendance", attendance_id, "sealed", group_id)


def _meeting(group_id: str, meeting_id: str) -> Meeting:
    meeting = Meeting.objects.select_for_update().filter(pk=meeting_id, group_id=group_id).first()
    if meeting is None:
        raise NotHere
    return meeting


@action("meetings.host.assign")
def assign_host(*, by: str, group_id: str, meeting_id: str, person_id: str, part: str, now: datetime) -> None:
    """Ask a person to carry a part (host, co-host, door, chat, tech, welfare); they confirm it themselves."""
    meeting = _meeting(group_id, meeting_id)
    Host.objects.get_or_create(
        meeting=meeting,
        person_id=person_id,
        part=part,
        defaults={"confirmed_at": now if by == person_id else None},
    )
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.host.confirm")
def confirm_host(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """A person says that they will be there, for every part they carry (KIT7)."""
    if not Host.objects.filter(meeting=_meeting(group_id, meeting_id), person_id=by).update(confirmed_at=now):
        raise NotHere
    ledger.record(by=by, about=meeting_id, at=now)


@action("meetings.point.answer")
def answer_point(
    *, by: str, group_id: str, meeting_id: str, point: str, evidence: str, holds: bool, now: datetime
) -> None:
    """Write down a probe's result or a named person's word on one point of the checklist."""
    meeting = _meeting(group_id, meeting_id)
    Answer.objects.create(pk=new_id(), meeting=meeting, point=point, evidence=evidence, holds=holds, by=by, at=now)
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.doors.open")
def open_doors(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Open the doors, if every point of the checklist holds at this moment (promise 5).

    :raises Refused: a point is failing, unknown or stale, the group is not open, or it is too early.
    """
    meeting = _meeting(group_id, meeting_id)
    if meeting.state != MeetingState.PLANNED:
        raise Refused("The doors of this meeting were opened before.")
    if now < meeting.starts_at - EARLIEST_DOORS:
        raise Refused("Doors can be opened from two hours before the start.")
    closed = safeguards.closed_gate(group_id=group_id, gate="start", now=now, meeting_id=meeting_id)
    if closed:
        raise Refused(closed)
    meeting.state, meeting.doors_at = MeetingState.DOORS, now
    meeting.save(update_fields=["state", "doors_at"])
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.card.read")
def read_opening_card(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """The host read the opening card aloud: the norms, at every meeting (CON4)."""
    meeting = _meeting(group_id, meeting_id)
    meeting.opening_card_at = now
    meeting.save(update_fields=["opening_card_at"])
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.doors.lock")
def lock_doors(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Lock: nobody new comes in; who was here before may come back through the waiting room (TEC5)."""
    meeting = _meeting(group_id, meeting_id)
    if meeting.state != MeetingState.DOORS:
        raise Refused("Only open doors can be locked.")
    meeting.state, meeting.locked_at = MeetingState.LOCKED, now
    meeting.save(update_fields=["state", "locked_at"])
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.meeting.close")
def close_meeting(*, by: str, group_id: str, meeting_id: str, now: datetime) -> int:
    """Everyone out: links and arrivals go, a sealed attendance record stays until its day; returns the headcount."""
    meeting = _meeting(group_id, meeting_id)
    if meeting.state not in (MeetingState.DOORS, MeetingState.LOCKED):
        raise Refused("This meeting is not running.")
    came = Arrival.objects.filter(meeting_id=meeting.pk, inside_at__isnull=False)
    members = sorted(set(came.values_list("link__member_id", flat=True)))
    _keep_attendance(meeting, members, now)
    roster.mark_attended(by=by, group_id=group_id, member_ids=members, on=meeting.local_on, now=now)
    meeting.links.all().delete()
    meeting.state, meeting.closed_at, meeting.headcount = MeetingState.CLOSED, now, len(members)
    meeting.save(update_fields=["state", "closed_at", "headcount"])
    ledger.record(by=by, about=meeting.pk, at=now)
    return len(members)


def _keep_attendance(meeting: Meeting, members: list[str], now: datetime) -> None:
    due = safeguards.due_on(group_id=meeting.group_id, record="attendance", start=meeting.local_on)
    bucket = buckets.bucket(group_id=meeting.group_id, record="attendance", day=due, now=now)
    rows = [
        Attendance(pk=new_id(), meeting_id=meeting.pk, group_id=meeting.group_id, secret_id=bucket.id, due_on=due)
        for _ in members
    ]
    for row, member in zip(rows, members, strict=True):
        row.sealed = envelope.seal(bucket.key, member.encode(), attendance_place(row.pk, meeting.group_id))
    Attendance.objects.bulk_create(rows)
