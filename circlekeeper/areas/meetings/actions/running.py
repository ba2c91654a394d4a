"""Running one meeting: its doors, its opening card, its end."""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import events, provider, sealing, sessions
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.actions.plan import hybrid_refusal
from circlekeeper.areas.meetings.models import Arrival, Attendance, Format, Meeting, MeetingState
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.announce import announce
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import buckets, envelope

log = logging.getLogger(__name__)

EARLIEST_DOORS = timedelta(hours=2)
# A meeting nobody closed is closed for them; until then its links and its waiting room would live on.
FORGOTTEN_AFTER = timedelta(hours=6)
_BINDING = (playbook.Mode.REQUIRED, playbook.Mode.LOCKED)
_RUNNING = (MeetingState.DOORS, MeetingState.LOCKED)


@action("meetings.doors.open")
def open_doors(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Open the doors, if every point of the checklist holds at this moment (promise 5).

    :raises Refused: a point is failing, unknown or stale, the group is not open, it is too early or too late, or a
    helper's licence or promise ran out (PRO1).
    """
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was cancelled."))
    if meeting.state != MeetingState.PLANNED:
        raise Refused(_("The doors of this meeting were opened before."))
    if now < meeting.starts_at - EARLIEST_DOORS:
        raise Refused(_("Doors can be opened from two hours before the start."))
    if now >= meeting.ends_at:
        raise Refused(_("The time of this meeting is over."))
    if meeting.series.format == Format.HYBRID and not groups.group(group_id).is_hybrid:
        raise Refused(hybrid_refusal())
    people = frozenset(meeting.hosts.filter(absent_at__isnull=True).values_list("person_id", flat=True))
    refusals = agreements.why_not_hosts(group_id=group_id, person_ids=people, now=now)
    if refusals:
        raise Refused(next(iter(refusals.values())))
    closed = safeguards.closed_gate(group_id=group_id, gate="start", now=now, meeting_id=meeting_id)
    if closed:
        raise Refused(closed)
    meeting.state, meeting.doors_at = MeetingState.DOORS, now
    meeting.lock_after = safeguards.settings_for(group_id).number("lock-after")
    meeting.save(update_fields=["state", "doors_at", "lock_after"])
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.card.read")
def read_opening_card(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """The host read the opening card aloud: the norms, at every meeting (CON4).

    :raises Refused: the meeting is not running.
    """
    meeting = _running(group_id, meeting_id)
    meeting.opening_card_at = now
    meeting.save(update_fields=["opening_card_at"])
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.doors.lock")
def lock_doors(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Lock: the meeting begins, nobody new comes in; who was here before may come back through the waiting room (TEC5).

    :raises Refused: the doors are not open, or the opening card was not read where the level requires that (CON4).
    """
    meeting = _running(group_id, meeting_id)
    if meeting.state != MeetingState.DOORS:
        raise Refused(_("Only open doors can be locked."))
    if meeting.opening_card_at is None and _card_is_binding(group_id):
        raise Refused(_("Read the opening card aloud first. Then lock the doors."))
    meeting.state, meeting.locked_at = MeetingState.LOCKED, now
    meeting.save(update_fields=["state", "locked_at"])
    ledger.record(by=by, about=meeting.pk, at=now)


def _card_is_binding(group_id: str) -> bool:
    return safeguards.settings_for(group_id).mode("norms-read-aloud") in _BINDING


@action("meetings.doors.unlock")
def unlock_doors(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Open locked doors again, for somebody who is late; they lock themselves after as many minutes as before.

    :raises Refused: the meeting is not running.
    """
    meeting = _running(group_id, meeting_id)
    again = None if meeting.lock_after is None else now + timedelta(minutes=meeting.lock_after)
    meeting.state, meeting.locked_at, meeting.locks_at = MeetingState.DOORS, None, again
    meeting.save(update_fields=["state", "locked_at", "locks_at"])
    ledger.record(by=by, about=meeting.pk, at=now)


def close_meeting(*, by: str, group_id: str, meeting_id: str, now: datetime) -> int:
    """Everyone out: links and arrivals go, a sealed attendance record stays until its day; returns the headcount.

    :raises Refused: the meeting is not running.
    """
    came = _close(by=by, group_id=group_id, meeting_id=meeting_id, now=now)
    _end_at_provider(meeting_id, now)
    return came


def close_forgotten(*, by: str, now: datetime) -> int:
    """The hourly job: close meetings that ended long ago and that nobody closed; returns how many."""
    left = Meeting.objects.filter(state__in=_RUNNING, ends_at__lt=now - FORGOTTEN_AFTER).order_by("ends_at", "pk")
    found = list(left.values_list("group_id", "pk"))
    for group_id, meeting_id in found:
        close_meeting(by=by, group_id=group_id, meeting_id=meeting_id, now=now)
    return len(found)


@action("meetings.meeting.close")
def _close(*, by: str, group_id: str, meeting_id: str, now: datetime) -> int:
    meeting = _running(group_id, meeting_id)
    came = Arrival.objects.filter(meeting_id=meeting.pk, inside_at__isnull=False)
    members = sorted(set(came.values_list("link__member_id", flat=True)))
    _keep_attendance(meeting, members, now)
    roster.mark_attended(by=by, group_id=group_id, member_ids=members, on=meeting.local_on, now=now)
    meeting.links.all().delete()
    meeting.pins.all().delete()
    meeting.state, meeting.closed_at, meeting.headcount = MeetingState.CLOSED, now, len(members)
    meeting.save(update_fields=["state", "closed_at", "headcount"])
    ledger.record(by=by, about=meeting.pk, at=now)
    announce(events.MeetingClosed(group_id, meeting.pk), now=now)
    if meeting.opening_card_at is None:
        ledger.record(by=by, about=meeting.pk, at=now, verb="meetings.card.skip")
    return len(members)


def _running(group_id: str, meeting_id: str) -> Meeting:
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state not in _RUNNING:
        raise Refused(_("This meeting is not running."))
    return meeting


def _keep_attendance(meeting: Meeting, members: list[str], now: datetime) -> None:
    due = safeguards.due_on(group_id=meeting.group_id, record="attendance", start=meeting.local_on)
    bucket = buckets.bucket(group_id=meeting.group_id, record="attendance", day=due, now=now)
    rows_ = [
        Attendance(pk=new_id(), meeting_id=meeting.pk, group_id=meeting.group_id, secret_id=bucket.id, due_on=due)
        for _member in members
    ]
    for row, member in zip(rows_, members, strict=True):
        place = sealing.attendance_place(row.pk, meeting.group_id)
        row.sealed = envelope.seal(bucket.key, member.encode(), place)
    Attendance.objects.bulk_create(rows_)


def _end_at_provider(meeting_id: str, now: datetime) -> None:
    meeting = Meeting.objects.select_related("series").get(pk=meeting_id)
    if not Format(meeting.series.format).is_online:
        return
    way = provider.provider(meeting.held_at)
    try:
        way.end(sessions.session_of(meeting), now=now)
    except Exception as failure:
        # The meeting is over here whatever the service says; its text may hold an address and is not written down.
        log.warning("ending a meeting at %s failed: %s", way.name, type(failure).__name__)
