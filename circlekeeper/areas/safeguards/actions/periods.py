"""How long a group keeps a class of record."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.safeguards.models import Period
from circlekeeper.areas.safeguards.queries import settings
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused


@action("safeguards.period.set")
def set_period(*, by: str, group_id: str, record: str, keep: str, answered_by: str, now: datetime) -> None:
    """Choose how long a class of record is kept (an ISO 8601 duration of whole days, months or years).

    ``answered_by`` is ``group``, or ``adviser`` or ``project`` where the playbook leaves the answer to them (RET4, RET5).

    :raises NotHere: there is no such group or class.
    :raises Refused: not a period, longer than the ceiling, or not theirs to answer.
    """
    rule = settings.settings_for(group_id).retention.get(record)
    if rule is None:
        raise NotHere
    try:
        wanted = playbook.parse_duration(keep)
    except ValueError:
        raise Refused(_("Choose a number of days, months or years."), field="keep") from None
    if wanted.seconds or not wanted.length:
        raise Refused(_("Choose a number of days, months or years."), field="keep")
    if rule.limit is not None and wanted.length > rule.limit.length:
        raise Refused(_("That is longer than this level allows."), field="keep")
    if answered_by not in ({str(who) for who in rule.set_by} or {"group"}):
        raise Refused(_("Your adviser has to answer this first."), field="answered_by")
    row = Period.objects.create(
        group_id=group_id, record=record, keep=wanted.text, answered_by=answered_by, set_by=by, set_at=now
    )
    ledger.record(by=by, about=row.pk, at=now)
