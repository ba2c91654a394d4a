"""Who carries which part of a meeting (TEC8, MOD4, KIT7)."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.models import Host, Meeting
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused

PARTS = ("host", "cohost", "door", "chat", "tech", "welfare")


@action("meetings.host.assign")
def assign_host(*, by: str, group_id: str, meeting_id: str, person_id: str, part: str, now: datetime) -> None:
    """Ask a person of the team to carry a part (one of ``PARTS``). They confirm it themselves; whoever asks themselves has.

    :raises NotHere: the person has no role in this group. :raises Refused: there is no such part, the person has
    not said how they are bound where the level asks for it, their licence ran out (CNF3, PRO1), or they would host and
    watch the chat where the level keeps these apart (MOD4).
    """
    meeting = rows.meeting(group_id, meeting_id)
    if part not in PARTS:
        raise Refused(_("Choose a part from the list."), field="part")
    _check_person(meeting, person_id, [part], now)
    Host.objects.get_or_create(
        meeting=meeting,
        person_id=person_id,
        part=part,
        defaults={"confirmed_at": now if by == person_id else None},
    )
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.host.release")
def release_host(*, by: str, group_id: str, meeting_id: str, person_id: str, now: datetime) -> None:
    """A person carries no part of this meeting any more: they cannot come, or were asked by mistake.

    :raises NotHere: they carry none.
    """
    meeting = rows.meeting(group_id, meeting_id)
    if not Host.objects.filter(meeting=meeting, person_id=person_id).delete()[0]:
        raise NotHere
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.host.confirm")
def confirm_host(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """A person says that they will be there, for every part they carry (KIT7).

    :raises Refused: nobody has asked them.
    """
    meeting = rows.meeting(group_id, meeting_id)
    if not Host.objects.filter(meeting=meeting, person_id=by).update(confirmed_at=now, absent_at=None):
        raise Refused(_("You carry no part of this meeting yet. Choose one first."))
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.host.absent")
def mark_absent(*, by: str, group_id: str, meeting_id: str, person_id: str, now: datetime) -> None:
    """A person who said they would come is not here. Their word counts no longer; they may say themselves that they came.

    :raises NotHere: they carry no part, or were missed already.
    """
    meeting = rows.meeting(group_id, meeting_id)
    missed = Host.objects.filter(meeting=meeting, person_id=person_id, absent_at__isnull=True)
    if not missed.update(absent_at=now, confirmed_at=None):
        raise NotHere
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.host.stand-in")
def name_stand_in(
    *, by: str, group_id: str, meeting_id: str, absent_id: str, person_id: str, now: datetime
) -> None:
    """Somebody of the team takes every part of a person who is not here (TEC8). They accept it themselves.

    :raises NotHere: that person is not missed, or the other is not of the team. :raises Refused: as for ``assign_host``.
    """
    meeting = rows.meeting(group_id, meeting_id)
    parts = list(
        Host.objects.filter(meeting=meeting, person_id=absent_id, absent_at__isnull=False).values_list(
            "part", flat=True
        )
    )
    if not parts or person_id == absent_id:
        raise NotHere
    _check_person(meeting, person_id, parts, now)
    for part in parts:
        Host.objects.update_or_create(
            meeting=meeting,
            person_id=person_id,
            part=part,
            defaults={"stands_in_for": absent_id},
            create_defaults={"stands_in_for": absent_id, "confirmed_at": now if by == person_id else None},
        )
    ledger.record(by=by, about=meeting.pk, at=now)


def _check_person(meeting: Meeting, person_id: str, parts: list[str], now: datetime) -> None:
    if person_id not in accounts.people_with_role(meeting.group_id):
        raise NotHere
    refusal = agreements.why_not_hosts(group_id=meeting.group_id, person_ids=[person_id], now=now)
    if refusal:
        raise Refused(refusal[person_id], field="person_id")
    held = Host.objects.filter(meeting=meeting, person_id=person_id, absent_at__isnull=True)
    together = [(person_id, part) for part in {*held.values_list("part", flat=True), *parts}]
    if rules.clashes(
        together, strict=safeguards.settings_for(meeting.group_id).value("meeting-roles") == "separate"
    ):
        raise Refused(_("Whoever hosts does not also watch the chat here. Ask somebody else."), field="person_id")
