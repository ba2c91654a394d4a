"""Opening and closing a group."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import actions as group_actions
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import events, queries
from circlekeeper.areas.safeguards.queries.posture import sentence
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.announce import announce
from circlekeeper.foundation.errors import Refused


class NotYet(Refused):
    """Something required is failing, unknown or too old. ``findings`` lists it, most urgent first."""

    def __init__(self, findings: Sequence[queries.CheckFinding]) -> None:
        super().__init__(sentence(findings))
        self.findings = tuple(findings)


@action("safeguards.group.open")
def open_group(*, by: str, group_id: str, now: datetime) -> None:
    """Open the group, if every required control of this door is met at this moment.

    :raises NotYet: something is not.
    :raises Refused: the group is open already.
    """
    if groups.group(group_id).is_open:
        raise Refused(_("The group is open already."))
    closed = [check for check in queries.gate(group_id, "open", now) if check.blocking]
    if closed:
        raise NotYet(closed)
    ledger.record(by=by, about=group_id, at=now)
    group_actions.open_group(by=by, group_id=group_id, now=now)
    announce(events.GroupOpened(group_id), now=now)


@action("safeguards.group.close")
def close_group(*, by: str, group_id: str, now: datetime) -> None:
    """Close the group; making things safer needs no second person."""
    ledger.record(by=by, about=group_id, at=now)
    group_actions.close_group(by=by, group_id=group_id, now=now)
    announce(events.GroupClosed(group_id), now=now)
