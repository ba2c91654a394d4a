"""A throw-away folder inside the data folder, closed to others, for one backup or drill at a time."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from circlekeeper.foundation.backup import faults

FOLDER, LOCK = "backup-work", "backup.lock"


@contextmanager
def workroom() -> Iterator[Path]:
    """A folder of mode 0700 that is gone afterwards, whatever happens; also what a crash left of an earlier one.

    :raises BackupFailed: another process has one, or it cannot be made.
    """
    data = Path(settings.DATA_DIR)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise faults.not_written(full=False) from None
    try:
        _take(lock)
        shutil.rmtree(data / FOLDER, ignore_errors=True)
        room = data / FOLDER / secrets.token_hex(8)
        try:
            room.mkdir(mode=0o700, parents=True)
            (data / FOLDER).chmod(0o700)
            yield room
        finally:
            shutil.rmtree(data / FOLDER, ignore_errors=True)
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise faults.busy() from None
