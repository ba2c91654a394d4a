"""What the command line prints about safeguards."""

from datetime import datetime
from typing import Any

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import queries
from circlekeeper.areas.safeguards.queries import ControlFinding
from circlekeeper.foundation import playbook


def posture_json(group_id: str | None, now: datetime) -> list[dict[str, Any]]:
    """``circlekeeper posture [GROUP] --json``: one entry for each group, most urgent finding first.

    :raises NotHere: there is no such group.
    """
    ids = [group_id] if group_id else groups.all_ids()
    return [
        {
            "group": found.group_id,
            "level": found.level,
            "blocking": found.blocking,
            "todo": found.todo,
            "stale": found.stale,
            "findings": [_finding(control) for control in found.findings],
        }
        for found in queries.postures(ids, now)
    ]


def playbook_json(report: playbook.Report) -> dict[str, Any]:
    """``circlekeeper playbook check --json``."""
    errors = [{"file": fault.file, "key": fault.key, "problem": fault.problem} for fault in report.errors]
    return {"ok": report.ok, "controls": report.controls, "errors": errors}


def _finding(control: ControlFinding) -> dict[str, str]:
    worst = control.worst
    return {
        "control": worst.control,
        "mode": worst.mode,
        "verdict": worst.verdict.value,
        "evidence": worst.evidence.value,
        "detail": worst.detail,
    }
