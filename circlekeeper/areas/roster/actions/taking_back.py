"""What follows when a member takes a consent back: the part kept for it is destroyed, or they leave (CON2)."""

from datetime import datetime

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.roster import rules
from circlekeeper.areas.roster.actions import leaving, rows
from circlekeeper.areas.roster.models import Compartment
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import shredstore


def end_purpose(*, by: str, group_id: str, member_id: str, purpose: str, now: datetime) -> None:
    """Stop relying on a consent that was taken back. Doing it twice, or after it was given anew, changes nothing."""
    if agreements.allows(member_id=member_id, purpose=purpose, now=now, version=0):
        return
    if purpose in rules.PART_OF:
        forget_part(by=by, group_id=group_id, member_id=member_id, name=rules.PART_OF[purpose], now=now)
    elif purpose in agreements.needed_to_join():
        try:
            leaving.leave(by=by, group_id=group_id, member_id=member_id, now=now)
        except NotHere:
            return


def forget_part(*, by: str, group_id: str, member_id: str, name: str, now: datetime) -> None:
    """Destroy one part of a record now; the rest stays.

    The order makes a crash harmless, as in ``forget_now``. A hold keeps the part until it ends; nobody may use it then.
    """
    secret_id = _begin_part(by=by, group_id=group_id, member_id=member_id, name=name, now=now)
    if secret_id is None or shredstore.held([secret_id], on=now.date()):
        return
    if shredstore.shred([secret_id], now=now) or not shredstore.secrets([secret_id]):
        _finish_part(by=by, group_id=group_id, member_id=member_id, name=name, now=now)


@action("roster.part.forget")
def _begin_part(*, by: str, group_id: str, member_id: str, name: str, now: datetime) -> str | None:
    rows_of = Compartment.objects.select_for_update().filter(member_id=member_id, group_id=group_id, name=name)
    found = rows_of.first()
    ledger.record(by=by, about=member_id, at=now)
    if found is None:
        return None
    found.due_on, found.check_again_on = now.date(), None
    found.save(update_fields=["due_on", "check_again_on"])
    return found.secret_id


@action("roster.part.forgotten")
def _finish_part(*, by: str, group_id: str, member_id: str, name: str, now: datetime) -> None:
    rows.member(group_id, member_id)
    Compartment.objects.filter(member_id=member_id, group_id=group_id, name=name).delete()
    ledger.record(by=by, about=member_id, at=now)
