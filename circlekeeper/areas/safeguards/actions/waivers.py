"""Setting a control aside for a time: asked by one, agreed by another, shown to members, and over on its date (TEC9)."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import events
from circlekeeper.areas.safeguards.actions.pairs import two_people
from circlekeeper.areas.safeguards.models import Waiver, WaiverReason
from circlekeeper.areas.safeguards.queries import settings
from circlekeeper.areas.safeguards.queries.findings import waivable
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.announce import announce
from circlekeeper.foundation.errors import NotHere, Refused


class Locked(Refused):
    """The control cannot be set aside at this level; the attempt was written down and announced."""

    status = 403


def ask_waiver(*, by: str, group_id: str, control: str, reason: str, until: datetime, now: datetime) -> str:
    """Ask to set a control aside until a moment (aware, UTC). It counts once a second person agrees. Returns its id.

    :raises Locked: this control may not be set aside at this level (or under these overlays).
    :raises Refused: it need not be, the end is too far off or past, or the reason is unknown.
    :raises NotHere: there is no such group or control.
    """
    known = playbook.book().controls.get(control)
    if known is None:
        raise NotHere
    answer = settings.settings_for(group_id)
    if not answer.mode(control).binds:
        raise Refused(_("This is not required here, so there is nothing to set aside."))
    rule = known.waiver
    if rule is None or not waivable(known, groups.group(group_id).level, answer):
        _note_refusal(by=by, group_id=group_id, control=control, now=now)
        raise Locked(_("This cannot be set aside at this level. It keeps people safe."))
    if reason not in WaiverReason.values:
        raise Refused(_("Choose a reason from the list."), field="reason")
    if not now < until <= playbook.add_duration(now, rule.max):
        sentence = _("Choose a day that is not past and not more than %(days)d days from now.")
        raise Refused(sentence % {"days": rule.max.days}, field="until")
    return _ask(by=by, group_id=group_id, control=control, reason=reason, until=until, now=now)


@action("safeguards.waiver.refuse")
def _note_refusal(*, by: str, group_id: str, control: str, now: datetime) -> None:
    ledger.record(by=by, about=group_id, at=now)
    announce(events.WeakeningRefused(group_id, by, control), now=now)


@action("safeguards.waiver.ask")
def _ask(*, by: str, group_id: str, control: str, reason: str, until: datetime, now: datetime) -> str:
    row = Waiver.objects.create(
        group_id=group_id,
        control=control,
        reason=reason,
        asked_by=by,
        asked_at=now,
        expires_at=until,
    )
    ledger.record(by=by, about=row.pk, at=now)
    return row.pk


@action("safeguards.waiver.approve")
def approve_waiver(*, by: str, waiver_id: str, now: datetime) -> None:
    """Agree, as the second person. From now until its end the control does not keep a door closed; members see it.

    :raises NotHere: nothing waits under this id.
    :raises Refused: the same person asked, neither of the two is a privacy lead, or its end has passed.
    """
    row = Waiver.objects.filter(pk=waiver_id, approved_at__isnull=True, ended_at__isnull=True).first()
    if row is None:
        raise NotHere
    two_people(first=row.asked_by, second=by, group_id=row.group_id)
    if row.expires_at <= now:
        raise Refused(_("Its last day has passed. Ask for it again if you still need it."))
    row.approved_by, row.approved_at = by, now
    row.save(update_fields=["approved_by", "approved_at"])
    ledger.record(by=by, about=row.pk, at=now)
    announce(events.WaiverGranted(row.group_id, row.pk, row.expires_at), now=now)


@action("safeguards.waiver.end")
def end_waiver(*, by: str, waiver_id: str, now: datetime) -> None:
    """End an exception, or take back a request. One person is enough: it only makes things safer.

    :raises NotHere: there is none under this id that has not ended.
    """
    row = Waiver.objects.filter(pk=waiver_id, ended_at__isnull=True).first()
    if row is None:
        raise NotHere
    row.ended_by, row.ended_at = by, now
    row.save(update_fields=["ended_by", "ended_at"])
    ledger.record(by=by, about=row.pk, at=now)
