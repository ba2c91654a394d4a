"""Due work of accounts; ``wiring.py`` registers it."""

import contextlib
from datetime import datetime

from circlekeeper.foundation.accounts import actions, queries


def lapse_roles(now: datetime) -> None:
    """End roles nobody confirmed for a quarter of a year and two weeks, but never a place's last leader (TEC12). Daily."""
    for role in queries.overdue_roles(now=now):
        with contextlib.suppress(actions.StillNeeded):
            actions.lapse_role(by="system", role_id=role.id, now=now)
