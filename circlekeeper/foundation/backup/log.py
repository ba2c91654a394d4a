"""When backups were made and drills passed: lines of the log, shared by every machine and not to be edited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from circlekeeper.foundation import ledger
from circlekeeper.foundation.ledger import queries as lines

ABOUT = "backup"
CREATED, PASSED, FAILED = "backup.archive.create", "backup.drill.pass", "backup.drill.fail"


@dataclass(frozen=True, slots=True)
class Status:
    """How backups stand. ``age``: of the newest; ``drill_passed`` is None if there was no drill."""

    made_at: datetime | None
    age: timedelta | None
    drilled_at: datetime | None
    drill_passed: bool | None


def note(verb: str, *, by: str, now: datetime) -> None:
    """Write one line, durable at once. Never inside a transaction."""
    ledger.append_alone(by=by, about=ABOUT, at=now, verb=verb)


def status(now: datetime) -> Status:
    """The newest backup and the newest drill, for the doctor and for the control ``backup-recent``."""
    made = lines.entries_about(ABOUT, verbs=[CREATED], limit=1)
    drill = lines.entries_about(ABOUT, verbs=[PASSED, FAILED], limit=1)
    return Status(
        made_at=made[0].at if made else None,
        age=now - made[0].at if made else None,
        drilled_at=drill[0].at if drill else None,
        drill_passed=drill[0].verb == PASSED if drill else None,
    )
