"""A statement of readiness for a board or a funder: what held on one day, in counts (WHY4)."""

from datetime import datetime

from circlekeeper.areas.safeguards import queries
from circlekeeper.areas.safeguards.models import Statement
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action


@action("safeguards.readiness.state")
def state_readiness(*, by: str, group_id: str, now: datetime) -> str:
    """Keep what can be said about a group today, word for word; returns the statement's id.

    A later change of the group changes no statement.

    :raises NotHere: there is no such group.
    """
    said = queries.readiness_now(group_id, now)
    rows = [[list(line) for line in part] for part in (said.standing, said.counted)]
    made = Statement.objects.create(
        group_id=group_id, level=said.level, said=rows, missing=list(said.missing), made_at=now
    )
    ledger.record(by=by, about=group_id, at=now)
    return made.id
