"""Who carries which part of a meeting (TEC8, MOD4, KIT7)."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.models import Host
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused

PARTS = ("host", "cohost", "door", "chat", "tech", "welfare")


@action("meetings.host.assign")
def assign_host(*, by: str, group_id: str, meeting_id: str, person_id: str, part: str, now: datetime) -> None:
    """Ask a person of the team to carry a part (one of ``PARTS``). They confirm it themselves; whoever asks themselves has.

    :raises NotHere: the person has no role in this group. :raises Refused: there is no such part, the person has
    not said how they are bound where the level asks for it, or their licence ran out (CNF3, PRO1).
    """
    meeting = rows.meeting(group_id, meeting_id)
    if part not in PARTS:
        raise Refused(_("Choose a part from the list."), field="part")
    if person_id not in accounts.people_with_role(group_id):
        raise NotHere
    refusal = agreements.why_not_hosts(group_id=group_id, person_ids=[person_id], now=now)
    if refusal:
        raise Refused(refusal[person_id], field="person_id")
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
    if not Host.objects.filter(meeting=meeting, person_id=by).update(confirmed_at=now):
        raise Refused(_("You carry no part of this meeting yet. Choose one first."))
    ledger.record(by=by, about=meeting.pk, at=now)
