"""A throw-away folder inside the data folder, closed to others, for one backup or drill at a time."""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from circlekeeper.foundation.backup import faults

FOLDER, LOCK = "backup-work", "backup.lock"
# Seconds. The daily one is usually done within a few; a person at a keyboard rather waits than begins again.
WAITS, _LOOKS_EVERY = 60.0, 0.2


@contextmanager
def workroom() -> Iterator[Path]:
    """A folder of mode 0700 that is gone afterwards, whatever happens; also what a crash left of an earlier one.

    :raises BackupFailed: another process had one for a minute, or it cannot be made.
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
    until = time.monotonic() + WAITS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                raise faults.busy() from None
            time.sleep(_LOOKS_EVERY)
