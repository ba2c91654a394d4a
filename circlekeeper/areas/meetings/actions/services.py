"""Setting meetings up at their service, looking again and again, and clearing away afterwards (TEC3, TEC7, KIT8)."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import F, Q

from circlekeeper.areas.meetings import events, provider, rules, sealing, sessions
from circlekeeper.areas.meetings.actions import calling, rows
from circlekeeper.areas.meetings.actions.checking import write_points
from circlekeeper.areas.meetings.actions.second import move_meeting
from circlekeeper.areas.meetings.models import Connection, Meeting, MeetingState, Seen, Setup
from circlekeeper.areas.meetings.provider import Proof, Session, Trouble, Unavailable
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.announce import announce
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import shredstore

log = logging.getLogger(__name__)
_BINDING = (playbook.Mode.REQUIRED, playbook.Mode.LOCKED)
_ASKED_TO_CLEAR_FOR = timedelta(days=7)
# What does not mend itself by waiting.
_LASTING = (Trouble.NOT_ALLOWED, Trouble.GONE, Trouble.FORBIDDEN_ADDRESS)
_RUNNING = (MeetingState.DOORS, MeetingState.LOCKED)


def set_up(*, by: str, group_id: str, meeting_id: str, now: datetime) -> Trouble | None:
    """Set a meeting up at its service with everything that can be set, then look at it; returns what went wrong.

    Nothing is asked inside a transaction. What failed is kept with the meeting, and tried again by the next run.

    :raises NotHere: no such meeting, or its service is not connected.
    """
    meeting = _meeting(group_id, meeting_id)
    name = meeting.held_at
    way = provider.provider(name)
    setup = Setup.objects.filter(meeting=meeting, provider=name).first() or Setup(meeting=meeting, provider=name)
    session = _with_room(sessions.session_of(meeting), setup.room)
    old = setup.secret_id
    try:
        remote = way.apply(session, now=now)
    except Unavailable as failure:
        setup.trouble, setup.failures = failure.trouble, _one_more(setup.failures)
        _keep_setup(by=by, setup=setup, now=now)
        _move_if_gone(meeting, now)
        return failure.trouble
    setup.trouble, setup.set_at = "", now
    sealing.keep_remote(setup, group_id, remote, now=now)
    _keep_setup(by=by, setup=setup, now=now)
    if old:
        shredstore.shred([old], now=now)
    return look(by=by, group_id=group_id, meeting_id=meeting_id, now=now)


@action("meetings.service.set-up")
def _keep_setup(*, by: str, setup: Setup, now: datetime) -> None:
    setup.save()
    ledger.record(by=by, about=setup.meeting_id, at=now)


def look(*, by: str, group_id: str, meeting_id: str, now: datetime) -> Trouble | None:
    """Look at every setting of a meeting that was set up; returns why it could not be done, if it could not.

    A setting that held and does not hold any more, where the level requires its control, is announced as ``Drifted``. While
    people are inside, from medium on the meeting is also paused until a host has looked: no link leads in.

    :raises NotHere: no such meeting, or its service is not connected.
    """
    meeting = _meeting(group_id, meeting_id)
    way = provider.provider(meeting.held_at)
    try:
        proofs = list(way.verify(sessions.session_of(meeting), now=now))
        trouble = None
    except Unavailable as failure:
        proofs, trouble = [], failure.trouble
    _keep_look(by=by, group_id=group_id, meeting_id=meeting_id, proofs=proofs, trouble=trouble or "", now=now)
    if trouble is not None:
        _move_if_gone(meeting, now)
    return trouble


def _one_more(failures: int) -> int:
    return min(failures + 1, 1000)


def _move_if_gone(meeting: Meeting, now: datetime) -> None:
    """A service that stays away shortly before the start is not waited for, where a second place was tried (FMT14)."""
    setup = Setup.objects.get(meeting=meeting, provider=meeting.held_at)
    if rules.second_place_is_due(
        lasting=setup.trouble in _LASTING, failures=setup.failures, starts_at=meeting.starts_at, now=now
    ):
        # Without a second place, the hosts read on their page that the service does not answer.
        with suppress(Refused):
            move_meeting(by="system", group_id=meeting.group_id, meeting_id=meeting.pk, why=setup.trouble, now=now)


@action("meetings.service.look")
def _keep_look(
    *, by: str, group_id: str, meeting_id: str, proofs: Sequence[Proof], trouble: str, now: datetime
) -> None:
    meeting = rows.meeting(group_id, meeting_id)
    setup = Setup.objects.filter(meeting=meeting, provider=meeting.held_at).first()
    if setup is not None:
        setup.looked_at, setup.trouble = now, trouble
        setup.failures = _one_more(setup.failures) if trouble else 0
        setup.save(update_fields=["looked_at", "trouble", "failures"])
    if proofs:
        held = dict(Seen.objects.filter(meeting=meeting).values_list("setting", "holds"))
        meeting.seen.all().delete()
        Seen.objects.bulk_create(_seen(meeting, number, proof) for number, proof in enumerate(proofs))
        write_points(by=by, meeting=meeting, proofs=proofs, spoken=False, now=now)
        drifted = sorted(_drifted(group_id, proofs, held))
        for control in drifted:
            announce(events.Drifted(group_id, meeting_id, control), now=now)
        shuts = safeguards.settings_for(group_id).value("drift") == "close"
        if drifted and shuts and meeting.state in _RUNNING and meeting.paused_at is None:
            meeting.paused_at = now
            meeting.save(update_fields=["paused_at"])
    ledger.record(by=by, about=meeting.pk, at=now)


def _drifted(group_id: str, proofs: Sequence[Proof], held: dict[str, bool]) -> set[str]:
    asked = safeguards.settings_for(group_id)
    return {
        each.control
        for each in proofs
        if held.get(each.setting) and not each.holds and asked.mode(each.control) in _BINDING
    }


def _seen(meeting: Meeting, number: int, proof: Proof) -> Seen:
    return Seen(
        meeting=meeting,
        number=number,
        control=proof.control,
        setting=proof.setting[:80],
        evidence=proof.evidence,
        expected=proof.expected[:200],
        found=proof.seen[:200],
        scope=proof.scope,
        holds=proof.holds,
        at=proof.checked_at,
        until=proof.checked_at + proof.lasts,
    )


def look_at_due(*, now: datetime) -> None:
    """The job of every minute: set up what is near, look at what is due, clear away what is over. One service's silence
    keeps no other waiting longer than its own limit, and no failure stops the rest.
    """
    calling.hang_up_gone(now=now)
    for meeting, setup in _near(now):
        where = {"by": "system", "group_id": meeting.group_id, "meeting_id": meeting.pk, "now": now}
        try:
            if setup is None or setup.set_at is None or setup.trouble == Trouble.GONE:
                set_up(**where)  # type: ignore[arg-type]
            elif rules.look_is_due(
                starts_at=meeting.starts_at,
                running=meeting.state in _RUNNING,
                looked_at=setup.looked_at,
                failing=setup.trouble != "",
                now=now,
            ):
                look(**where)  # type: ignore[arg-type]
        except NotHere:
            continue
        except Exception as failure:
            # Its text may hold an address and is not written down.
            log.warning("looking at a meeting at %s failed: %s", meeting.held_at, type(failure).__name__)


def _near(now: datetime) -> list[tuple[Meeting, Setup | None]]:
    names = [each.name for each in provider.providers() if each.settings]
    found = Meeting.objects.select_related("series").filter(
        Q(moved_to__in=names) | Q(moved_to="", series__provider__in=names),
        state__in=(MeetingState.PLANNED, *_RUNNING),
        starts_at__lt=now + rules.SET_UP_BEFORE,
        ends_at__gt=now,
    )
    near = list(found.order_by("starts_at", "pk"))
    setups = {(each.meeting_id, each.provider): each for each in Setup.objects.filter(meeting__in=near)}
    return [(each, setups.get((each.pk, each.held_at))) for each in near]


def clear_away(*, now: datetime) -> None:
    """The hourly job: have services destroy what they keep of meetings that are over or were moved away, and forget how
    to reach it. A service that is silent for a week more is not asked again: it may be gone for good.
    """
    over = Setup.objects.select_related("meeting__series").filter(
        Q(meeting__state__in=(MeetingState.CLOSED, MeetingState.CANCELLED))
        | (~Q(meeting__moved_to="") & ~Q(provider=F("meeting__moved_to"))),
        purged_at__isnull=True,
    )
    for setup in over.order_by("pk"):
        try:
            session = sessions.session_at(setup.meeting, setup.provider)
            proofs = provider.provider(setup.provider).purge(session, now=now)
        except (NotHere, KeyError):
            proofs = []
        except Unavailable as failure:
            log.warning("clearing away at %s failed: %s", setup.provider, failure.trouble.value)
            if now - setup.meeting.ends_at < _ASKED_TO_CLEAR_FOR:
                continue
            proofs = []
        _keep_purge(by="system", setup=setup, proofs=proofs, now=now)
        if setup.secret_id:
            shredstore.shred([setup.secret_id], now=now)


@action("meetings.service.clear")
def _keep_purge(*, by: str, setup: Setup, proofs: Sequence[Proof], now: datetime) -> None:
    meeting = setup.meeting
    if setup.provider == meeting.held_at:
        meeting.seen.all().delete()
        Seen.objects.bulk_create(_seen(meeting, number, proof) for number, proof in enumerate(proofs))
    setup.purged_at = now
    setup.save(update_fields=["purged_at"])
    ledger.record(by=by, about=meeting.pk, at=now)


def hear(*, connection_id: str, call: provider.Call, now: datetime) -> provider.Heard:
    """A service calls: who it is gets checked by its connector, and what it says is looked into at once.

    :raises NotHere: no such connection. :raises provider.Forged: it is not the service.
    """
    row = Connection.objects.filter(pk=connection_id).first()
    if row is None:
        raise NotHere
    way, connected = provider.provider(row.provider), sealing.open_settings(row)
    if isinstance(way, provider.AnswersCalls):
        return way.answer_call(connected, call, desk=calling.Desk(row.group_id, row.pk, now), now=now)
    heard = way.handle_event(connected, call, find=lambda room: _session_in(row.group_id, room), now=now)
    for event in heard.events:
        meeting_id = _meeting_in(row.group_id, event.room)
        if meeting_id is None:
            continue
        if event.kind is provider.EventKind.RECORDING:
            _tell(by="system", group_id=row.group_id, meeting_id=meeting_id, now=now)
        elif event.kind in (provider.EventKind.STARTED, provider.EventKind.CHANGED):
            _look_soon(by="system", meeting_id=meeting_id, now=now)
    return heard


@action("meetings.service.look-soon")
def _look_soon(*, by: str, meeting_id: str, now: datetime) -> None:
    """Leave it to the next run: a service that calls waits a few seconds for its answer, no longer."""
    Setup.objects.filter(meeting_id=meeting_id).update(looked_at=None)
    ledger.record(by=by, about=meeting_id, at=now)


@action("meetings.service.hear")
def _tell(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    announce(events.RecordingHeard(group_id, meeting_id), now=now)
    ledger.record(by=by, about=meeting_id, at=now)


def _meeting_in(group_id: str, room: str) -> str | None:
    """The meeting that is held in a room now; none once it was moved elsewhere, so that nobody meets in the old one."""
    found = Setup.objects.select_related("meeting__series").filter(meeting__group_id=group_id, room=room).first()
    return found.meeting_id if found is not None and found.meeting.held_at == found.provider else None


def _session_in(group_id: str, room: str) -> Session | None:
    """What is planned in a room; nothing once the doors are closed for good, so that nobody opens it again."""
    meeting_id = _meeting_in(group_id, room)
    try:
        meeting = None if meeting_id is None else _meeting(group_id, meeting_id)
        over = meeting is None or meeting.state in (MeetingState.CLOSED, MeetingState.CANCELLED)
        return None if meeting is None or over else sessions.session_of(meeting)
    except NotHere:
        return None


def _with_room(session: Session, room: str) -> Session:
    return replace(session, room=room)


def _meeting(group_id: str, meeting_id: str) -> Meeting:
    found = Meeting.objects.select_related("series").filter(pk=meeting_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    return found
