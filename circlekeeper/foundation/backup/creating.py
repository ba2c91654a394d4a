"""Making a backup."""

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from pyrage import x25519

import circlekeeper
from circlekeeper.foundation import keyfile, ledger
from circlekeeper.foundation.backup import archive, canary, faults, identity, log, newest, snapshot, workroom
from circlekeeper.foundation.ledger import LogDamaged

# The store's key would open every copy of the store; the cookie key would revive sign-ins; a backup cannot open itself.
NOT_IN_A_BACKUP: Final = frozenset({"shred-store.key", "shred-store-next.key", "cookie.key", identity.FILE})
# The file that says that all of it is invented (``circlekeeper.demo.mark``) goes along: what it says must stay true.
DEMO_MARK = "this-is-a-demo"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made. ``key_to_print``: the identity, only when it was made just now; it is not shown again."""

    path: Path
    size: int
    seconds: float
    made_at: datetime
    recipients: int
    key_to_print: str | None = field(repr=False)


def create(path: Path, *, now: datetime, recipients: Sequence[str] = (), by: str = "system") -> Made:
    """Make a backup of the main database and its keys, closed for this machine's key and for ``recipients`` (``age1…``).

    ``path`` is a new file, or a folder in which it gets a dated name. Never inside a transaction.

    :raises BackupFailed: it was not made, and nothing was left.
    """
    target = path / f"circlekeeper-{now:%Y%m%dT%H%M%SZ}.age" if path.is_dir() else path
    ours, others = identity.read_or_make(), [identity.recipient(each) for each in recipients]
    try:
        with workroom.workroom() as room:
            made = write(target.absolute(), room=room, ours=ours, others=others, now=now)
        newest.note(made.path)
        log.note(log.CREATED, by=by, now=now)
    except DatabaseError as failure:
        raise faults.from_database(failure) from None
    except OSError:
        raise faults.not_written(full=True) from None
    return made


def write(
    target: Path, *, room: Path, ours: identity.Ours, others: Sequence[x25519.Recipient], now: datetime
) -> Made:
    """The file itself; ``room`` is a closed folder for the copy of the database."""
    began = time.monotonic()
    # A log that is damaged is a reason to have a backup, not one against it; the drill will say so.
    with contextlib.suppress(LogDamaged):
        ledger.make_checkpoint(now)
    with archive.Draft(target) as draft:
        birds = canary.make(now)
        copy = snapshot.take(room)
        size = draft.write(_parts(copy, birds, now), [ours.identity.to_public(), *others])
        canary.bury(birds, now=now)
        draft.keep()
    copy.unlink()
    took = round(time.monotonic() - began, 2)
    return Made(target, size, took, now, 1 + len(others), str(ours.identity) if ours.fresh else None)


def _parts(copy: Path, birds: canary.Canary, now: datetime) -> Mapping[str, archive.Source]:
    said = archive.Manifest(archive.FORMAT, now, circlekeeper.__version__, snapshot.kind())
    keys = {f"keys/{path.name}": path.read_bytes() for path in key_files(Path(settings.DATA_DIR))}
    mark = Path(settings.DATA_DIR) / DEMO_MARK
    demo = {mark.name: mark.read_bytes()} if mark.is_file() else {}
    return {archive.MANIFEST: said.as_bytes(), canary.FILE: birds.as_bytes(), **demo, **keys, copy.name: copy}


def key_files(folder: Path) -> list[Path]:
    """The key files of a data folder that belong into a backup."""
    found = sorted((folder / "keys").glob("*.key"))
    return [
        path for path in found if path.name not in NOT_IN_A_BACKUP and path.stat().st_size == keyfile.KEY_BYTES
    ]
