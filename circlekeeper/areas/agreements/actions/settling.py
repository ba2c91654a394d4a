"""After a lowering of the level: when everyone has made the promise again, the older, stricter answer no longer counts."""

from datetime import datetime

from circlekeeper.areas.agreements import sources
from circlekeeper.areas.agreements.events import PledgeSigned
from circlekeeper.areas.agreements.models import Pledge
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.areas.safeguards import queries as levels


def settle_lowering(event: PledgeSigned, *, now: datetime) -> None:
    """Listener of ``PledgeSigned``: settle the level once every member signed after it was lowered (LVL0).

    Hearing twice, or with nothing to settle, changes nothing.
    """
    waiting = [each for each in levels.level_history(event.group_id) if each.settled_at is None]
    since = max((each.in_force_at for each in waiting if each.in_force_at), default=None)
    if since is None:
        return
    signed = set(
        Pledge.objects.filter(group_id=event.group_id, signed_at__gte=since).values_list("member_id", flat=True)
    )
    if sources.members(event.group_id) <= signed:
        safeguards.settle_level(by="system", group_id=event.group_id, now=now)
