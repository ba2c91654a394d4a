"""The file that keeps a restored folder closed. ``circlekeeper up`` looks for it before anything else; loads nothing."""

import os
from datetime import datetime
from pathlib import Path

FILE = "closed-until-reconciled"
_SAYS = (
    "A backup of {made_at} was put back here. Circlekeeper stays closed until what was destroyed, revoked and withdrawn "
    "since then has been done again: circlekeeper restore --reconcile\n"
)


def is_closed(folder: Path) -> bool:
    """Whether a backup was put back here and not reconciled yet."""
    return (folder / FILE).exists()


def close(folder: Path, made_at: datetime) -> None:
    """Close a folder; durable at once."""
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_SAYS.format(made_at=made_at.isoformat()))
        file.flush()
        os.fsync(file.fileno())


def reopen(folder: Path) -> None:
    """Everything was done again."""
    (folder / FILE).unlink(missing_ok=True)
