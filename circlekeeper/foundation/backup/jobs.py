"""Due work: a backup every day, and every week one that is opened to see that it helps.

They lie in ``DATA_DIR/backups``, closed for the key that was printed. Copying them to another place is the operator's part.
"""

import contextlib
from datetime import datetime
from pathlib import Path

from django.conf import settings

from circlekeeper.foundation.backup import creating, drilling

FOLDER = "backups"
KEPT = 3


class DrillFailed(Exception):
    """The newest backup would not help. ``circlekeeper backup drill`` says why."""


def daily_backup(now: datetime) -> None:
    """Make one, and let go of all but the newest few.

    :raises BackupFailed: it was not made; the older ones are still there.
    """
    folder = Path(settings.DATA_DIR) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    creating.create(folder, now=now)
    for old in sorted(folder.glob("circlekeeper-*.age"))[:-KEPT]:
        with contextlib.suppress(FileNotFoundError):
            old.unlink()


def weekly_drill(now: datetime) -> None:
    """Open the newest one.

    :raises DrillFailed: it does not open, or holds what it must not.
    """
    if not drilling.drill(now=now).ok:
        raise DrillFailed
