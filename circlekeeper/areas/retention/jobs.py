"""Due work of this room."""

from datetime import datetime

from circlekeeper.areas.retention import actions


def daily_run(now: datetime) -> None:
    """Destroy what is due today."""
    actions.run(by="system", as_of=now, now=now)
