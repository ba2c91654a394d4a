"""Legal holds: one named item waits, with a reason, a reviewer and an end date."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.retention import queries
from circlekeeper.areas.retention.models import Hold
from circlekeeper.areas.retention.queries import walk
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore

REASONS = ("complaint", "court-order", "incident-review", "member-asked")


@action("retention.hold.place")
def place_hold(
    *, by: str, group_id: str, model: str, row_id: str, reason: str, reviewer: str, until: date, now: datetime
) -> str:
    """Suspend the destruction of one item, and of what belongs to it, until the end of a date.

    :raises NotHere: there is no such item in this group.
    :raises Refused: no such reason, a date in the past, a hold that is there already, or the item's key is gone, which no
        hold can undo.
    """
    if reason not in REASONS:
        raise Refused(_("Choose a reason from the list."), field="reason")
    if until <= now.date():
        raise Refused(_("A hold needs an end date that lies ahead."), field="until")
    table = {each._meta.label: each for each, _held in queries.dated_models()}.get(model)
    if table is None or not walk.rows(table).select_for_update().filter(pk=row_id, group_id=group_id).exists():
        raise NotHere
    _end_old(model, row_id, now)
    made = Hold.objects.create(
        pk=new_id(),
        group_id=group_id,
        model=model,
        row_id=row_id,
        reason=reason,
        reviewer=reviewer,
        until=until,
        placed_by=by,
        placed_at=now,
    )
    ledger.record(by=by, about=made.pk, at=now)
    secrets = queries.secrets_of((model, row_id))
    # Last, because it is another database: what the store holds by mistake lets go on the same date.
    if shredstore.hold(secrets, until=until) < len(secrets):
        shredstore.release(secrets)
        raise Refused(_("This record's key is already destroyed. A hold cannot bring it back."))
    return made.pk


def _end_old(model: str, row_id: str, now: datetime) -> None:
    """A hold past its date is over, although nobody ended it; one in force stands in the way.

    :raises Refused: it is in force.
    """
    found = Hold.objects.filter(model=model, row_id=row_id, released_at__isnull=True)
    if found.filter(until__gte=now.date()).exists():
        raise Refused(_("This record is already being held. End that hold first."))
    found.update(released_at=now)


@action("retention.hold.release")
def release_hold(*, by: str, group_id: str, hold_id: str, now: datetime) -> None:
    """End a hold before its date; the item goes with the next run if it is due.

    :raises NotHere: no such hold is in force in this group.
    """
    found = Hold.objects.filter(pk=hold_id, group_id=group_id, released_at__isnull=True).first()
    if found is None:
        raise NotHere
    found.released_at = now
    found.save(update_fields=["released_at"])
    ledger.record(by=by, about=hold_id, at=now)
    still_held = queries.live_holds(now).secrets
    shredstore.release(
        [each for each in queries.secrets_of((found.model, found.row_id)) if each not in still_held]
    )
