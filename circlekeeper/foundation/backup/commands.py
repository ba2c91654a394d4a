"""``circlekeeper backup create | drill`` and ``circlekeeper restore``: each gives an exit status and the document to print.

0 fine, 1 a finding, 2 wrong use.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from circlekeeper.foundation.backup import creating, drilling, identity, reconciling, restoring
from circlekeeper.foundation.backup.faults import BackupFailed

Answer = tuple[int, dict[str, Any]]
FINE, FINDING, WRONG_USE = 0, 1, 2


def create_json(path: Path, *, recipients: Sequence[str], now: datetime) -> Answer:
    """``backup create PATH [--recipient age1…]``: ok, path, size, seconds; ``key_to_print`` if the key was made just now."""
    try:
        made = creating.create(path, now=now, recipients=recipients)
    except BackupFailed as failure:
        return FINDING, {"ok": False, "detail": failure.sentence}
    said = {"ok": True, "path": str(made.path), "size": made.size, "seconds": made.seconds}
    said |= {"made_at": made.made_at.isoformat(), "recipients": made.recipients}
    return FINE, said | ({"key_to_print": made.key_to_print} if made.key_to_print else {})


def key_json() -> Answer:
    """``backup key``: key_to_print (the age identity that opens every backup of this machine), recipient."""
    try:
        ours = identity.read_or_make()
    except BackupFailed as failure:
        return FINDING, {"ok": False, "detail": failure.sentence}
    return FINE, {"ok": True, "key_to_print": str(ours.identity), "recipient": ours.recipient}


def drill_json(*, now: datetime, path: Path | None = None) -> Answer:
    """``backup drill [PATH]``: ok, size, seconds, made_at, checks (id, ok, detail)."""
    try:
        found = drilling.drill(now=now, path=path)
    except BackupFailed as failure:
        return FINDING, {"ok": False, "detail": failure.sentence, "checks": []}
    said = asdict(found) | {"made_at": found.made_at.isoformat() if found.made_at else None}
    return FINE if found.ok else FINDING, said | {"checks": [asdict(check) for check in found.checks]}


def restore_json(
    path: Path, *, data: Path, key: Path | None = None, store: Path | None = None, near: Path | None = None
) -> Answer:
    """``restore PATH --data DIR [--key FILE] [--store DIR]``: ok, folder, made_at, store, closed, next.

    ``near``: a data folder of this machine whose own ``keys/backup.key`` is tried too.
    """
    try:
        keys = [key.read_text(encoding="utf-8")] if key else []
        beside = near / "keys" / identity.FILE if near else None
        if beside and beside.is_file():
            keys.append(beside.read_text(encoding="utf-8"))
        found = restoring.restore(path, data=data, keys=keys, store=store)
    except (OSError, UnicodeDecodeError):
        return WRONG_USE, {"ok": False, "detail": "The key file could not be read."}
    except BackupFailed as failure:
        return FINDING, {"ok": False, "detail": failure.sentence}
    return FINE, {
        "ok": True,
        "folder": str(found.folder),
        "made_at": found.made_at.isoformat(),
        "store": found.store,
        "closed": True,
        "next": f"circlekeeper restore --reconcile --data {found.folder}",
    }


def reconcile_json(*, now: datetime, accept_losses: bool = False) -> Answer:
    """``restore --reconcile --data DIR [--accept-losses]``: ok, opened, again (kind to count), left (opaque ids)."""
    try:
        done = reconciling.reconcile(by="system", now=now, accept_losses=accept_losses)
    except reconciling.NotReconciled as refusal:
        return FINDING, {"ok": False, "opened": False, "detail": refusal.sentence}
    document = {"ok": not done.left, "opened": done.opened, "again": dict(done.again), "left": list(done.left)}
    return FINDING if done.left else FINE, document
