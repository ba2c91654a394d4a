"""Questions about health or the law: off, until somebody says what for and a privacy lead agrees (REG4, REG5)."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.models import ExtraField
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import RoleName


@action("joining.field.propose")
def propose_field(*, by: str, group_id: str, name: str, purpose: str, basis: str, now: datetime) -> str:
    """Propose to ask one more thing; it is not asked before a privacy lead approves it. Returns the proposal's id.

    :raises Refused: the level needs no such question, no purpose or ground is given, or it stands already.
    :raises NotHere: there is no such question.
    """
    if name not in rules.EXTRA:
        raise NotHere
    if not rules.may_ask_extra(groups.group(group_id).level):
        raise Refused(
            _("At your group's level nobody needs to be asked about their health or the law."), field="name"
        )
    if len(purpose.strip()) < rules.SHORTEST_PURPOSE:
        raise Refused(
            _("Say in a sentence what you need it for. People read it beside the question."), field="purpose"
        )
    if basis not in rules.BASES:
        raise Refused(_("Say what allows you to ask this."), field="basis")
    if ExtraField.objects.filter(group_id=group_id, name=name, ended_at__isnull=True).exists():
        raise Refused(_("This is asked or proposed already."), field="name")
    made = ExtraField.objects.create(
        pk=new_id(),
        group_id=group_id,
        name=name,
        purpose=purpose.strip()[:300],
        basis=basis,
        asked_by=by,
        asked_at=now,
    )
    ledger.record(by=by, about=made.pk, at=now)
    return made.pk


@action("joining.field.approve")
def approve_field(*, by: str, group_id: str, name: str, now: datetime) -> None:
    """Agree, as privacy lead and not as whoever proposed it; from now on it is asked.

    :raises NotHere: nothing of the kind waits. :raises Refused: not a privacy lead, or the same person.
    """
    found = _standing(group_id, name)
    if found.approved_at is not None:
        raise NotHere
    if by == found.asked_by or by not in accounts.people_with_role(group_id, RoleName.PRIVACY_LEAD):
        raise Refused(_("A privacy lead who did not propose it has to agree."))
    if not rules.may_ask_extra(groups.group(group_id).level):
        raise Refused(_("At your group's level nobody needs to be asked about their health or the law."))
    found.approved_by, found.approved_at = by, now
    found.save(update_fields=["approved_by", "approved_at"])
    ledger.record(by=by, about=found.pk, at=now)


@action("joining.field.drop")
def drop_field(*, by: str, group_id: str, name: str, now: datetime) -> None:
    """Ask it no more, or take a proposal back. What was answered runs out on its date.

    :raises NotHere: it is not asked.
    """
    found = _standing(group_id, name)
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    ledger.record(by=by, about=found.pk, at=now)


@action("joining.field.read")
def note_read(*, by: str, group_id: str, now: datetime) -> None:
    """Somebody read what an applicant answered: the questions that are asked are of use."""
    today = now.astimezone(groups.group(group_id).zone).date()
    ExtraField.objects.filter(group_id=group_id, ended_at__isnull=True).update(read_on=today)
    ledger.record(by=by, about=group_id, at=now)


def _standing(group_id: str, name: str) -> ExtraField:
    found = ExtraField.objects.select_for_update().filter(group_id=group_id, name=name, ended_at__isnull=True)
    row = found.first()
    if row is None:
        raise NotHere
    return row
