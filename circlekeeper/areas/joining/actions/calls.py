"""Times for a short call: the team offers them, an applicant chooses one on their own page (REG7)."""

from datetime import date, datetime, time

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import queries, rules
from circlekeeper.areas.joining.models import Application, CallSlot, State
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id

MOST_OFFERED = 60


@action("joining.call.offer")
def offer_call(*, by: str, group_id: str, day: date, at: time, now: datetime) -> str:
    """Offer a time for a short call, as the clock shows it where the group is. Returns the offer's id.

    :raises Refused: it is past, the clocks skip it, it is offered already, or too many are.
    """
    starts_at = rules.local_moment(day, at, groups.group(group_id).zone)
    if starts_at is None:
        raise Refused(_("The clocks go forward that night and skip this time. Choose another one."), field="at")
    if starts_at <= now:
        raise Refused(_("This time is past. Choose one to come."), field="day")
    ahead = CallSlot.objects.filter(group_id=group_id, starts_at__gt=now)
    if ahead.filter(offered_by=by, starts_at=starts_at).exists():
        raise Refused(_("You offer this time already."), field="at")
    if ahead.count() >= MOST_OFFERED:
        raise Refused(_("That is enough times for now. Take some back first."))
    made = CallSlot.objects.create(pk=new_id(), group_id=group_id, starts_at=starts_at, offered_by=by)
    ledger.record(by=by, about=made.pk, at=now)
    return made.pk


@action("joining.call.take-back")
def take_back_call(*, by: str, group_id: str, slot_id: str, now: datetime) -> None:
    """Take an offered time back; whoever chose it sees on their page that it is gone and chooses again.

    :raises NotHere: no such time is offered.
    """
    if not CallSlot.objects.filter(pk=slot_id, group_id=group_id).delete()[0]:
        raise NotHere
    ledger.record(by=by, about=slot_id, at=now)


@action("joining.call.choose")
def choose_call(*, by: str, group_id: str, slot_id: str, now: datetime) -> None:
    """An applicant (``by``) chooses a time; the one they had before is free again.

    :raises NotHere: they wait for no call. :raises Refused: somebody else was first, or it is past.
    """
    found = _waiting(by, group_id)
    free = CallSlot.objects.select_for_update().filter(
        pk=slot_id, group_id=group_id, application__isnull=True, starts_at__gt=now
    )
    slot = free.first()
    if slot is None:
        raise Refused(_("This time is gone. Choose another one."), field="slot")
    CallSlot.objects.filter(application=found).update(application=None)
    slot.application = found
    slot.save(update_fields=["application"])
    ledger.record(by=by, about=slot.pk, at=now)


@action("joining.call.free")
def free_call(*, by: str, group_id: str, now: datetime) -> None:
    """An applicant (``by``) gives the time they chose back.

    :raises NotHere: they wait for no call.
    """
    found = _waiting(by, group_id)
    CallSlot.objects.filter(application=found).update(application=None)
    ledger.record(by=by, about=found.pk, at=now)


def _waiting(member_id: str, group_id: str) -> Application:
    found = Application.objects.select_for_update().filter(
        member_id=member_id, group_id=group_id, state=State.OPEN
    )
    waiting = found.first()
    if waiting is None or not rules.calls_first(queries.way(group_id).path):
        raise NotHere
    return waiting
