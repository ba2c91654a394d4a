"""What the command line runs."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from circlekeeper.areas.retention import actions, queries
from circlekeeper.foundation import clock


def run_json(*, as_of: datetime, dry_run: bool) -> tuple[int, dict[str, Any]]:
    """``circlekeeper retention run``: the exit status and the document."""
    plan, run_id = actions.run(by="system", as_of=as_of, now=clock.now(), dry_run=dry_run)
    found = queries.certificates(run_id=run_id) if run_id else []
    return 0, {
        "due": plan.going + plan.staying,
        "destroyed": 0 if dry_run else plan.going,
        "held": plan.staying,
        "certificates": [_plain(asdict(each)) for each in found],
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
