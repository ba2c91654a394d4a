"""The drill: would the newest backup help, and does it bring nobody back?"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from circlekeeper.foundation import lifecycle
from circlekeeper.foundation.backup import (
    archive,
    canary,
    copies,
    creating,
    faults,
    identity,
    log,
    newest,
    workroom,
)
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.shred.models import Tombstone
from circlekeeper.foundation.vault.storekeys import STORE

_STORE_TABLES = "vault_shred_"


@dataclass(frozen=True, slots=True)
class DrillCheck:
    """One thing a drill looked at. ``detail`` is one plain sentence with counts only."""

    id: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class DrillResult:
    """How a drill went. ``made_at``: when the backup it opened was made; None if it did not open."""

    ok: bool
    checks: tuple[DrillCheck, ...]
    size: int
    seconds: float
    made_at: datetime | None


def drill(*, now: datetime, path: Path | None = None, by: str = "system") -> DrillResult:
    """Open a backup in a throw-away folder and look: the one at ``path``, else the newest, else one made for this.

    What was put there is gone afterwards. The outcome is in the log. Never inside a transaction.

    :raises BackupFailed: there is no such file, or another drill is running.
    """
    began = time.monotonic()
    made_at: datetime | None = None
    checks: list[DrillCheck] = []
    with workroom.workroom() as room:
        found = path or newest.found() or _made_for_this(room, now)
        if not found.is_file():
            raise faults.unreadable()
        size = found.stat().st_size
        try:
            made_at = _look(found, room, checks)
        except faults.BackupFailed as failure:
            checks.append(DrillCheck("opens", False, failure.sentence))
    ok = all(check.ok for check in checks)
    log.note(log.PASSED if ok else log.FAILED, by=by, now=now)
    return DrillResult(ok, tuple(checks), size, round(time.monotonic() - began, 2), made_at)


def _made_for_this(room: Path, now: datetime) -> Path:
    copies_room = room / "copy"
    copies_room.mkdir(mode=0o700)
    ours = identity.read_or_make()
    return creating.write(room / "made-for-this.age", room=copies_room, ours=ours, others=(), now=now).path


def _look(found: Path, room: Path, checks: list[DrillCheck]) -> datetime:
    folder = room / "restored"
    folder.mkdir(mode=0o700)
    manifest = archive.unpack(found, folder, [identity.read_or_make().identity])
    checks.append(DrillCheck("opens", True, _("The backup opens with this machine’s key.")))
    checks.append(_keys(folder))
    with copies.opened(folder, manifest) as copy:
        checks.append(_whole(copy))
        checks.append(_no_store(copy))
        checks.append(_records(copy))
        checks.append(_log(copy))
    checks += _canary(folder)
    return manifest.made_at


def _keys(folder: Path) -> DrillCheck:
    """Each key file in use is in the backup, and is the same."""
    ours = creating.key_files(Path(settings.DATA_DIR))
    same = sum(_same(path, folder / "keys" / path.name) for path in ours)
    words = _("%(same)d of %(all)d key files are in the backup and fit.") % {"same": same, "all": len(ours)}
    return DrillCheck("keys", same == len(ours), words)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _whole(copy: copies.Copy) -> DrillCheck:
    if copy.integrity():
        return DrillCheck("database", True, _("The database in it is whole."))
    return DrillCheck("database", False, _("The database in it is damaged."))


def _no_store(copy: copies.Copy) -> DrillCheck:
    """The shred store and its key are not in it."""
    found = any(table.startswith(_STORE_TABLES) for table in copy.tables()) or any(
        path.name.startswith(STORE) for path in copy.folder.rglob("*")
    )
    if found:
        return DrillCheck("no-shred-store", False, _("It holds the shred store, which must never be in a backup."))
    return DrillCheck("no-shred-store", True, _("The shred store is not in it."))


def _records(copy: copies.Copy) -> DrillCheck:
    """Whose other half is still there, whose was destroyed on purpose, and whose is missing for no reason."""
    kept = gone = lost = 0
    for batch in _secret_ids(copy):
        here = shredstore.secrets(batch).keys()
        missing = [each for each in batch if each not in here]
        buried = set(Tombstone.objects.filter(kind="shred", ref__in=missing).values_list("ref", flat=True))
        kept, gone = kept + len(here), gone + len(buried)
        lost += len(missing) - len(buried)
    words = _(
        "%(kept)d keys of records in it are still there, %(gone)d were destroyed since, %(lost)d are missing."
    ) % {"kept": kept, "gone": gone, "lost": lost}
    return DrillCheck("records", lost == 0, words)


def _secret_ids(copy: copies.Copy) -> Iterator[list[str]]:
    """The secrets that sealed rows of the copy need, by what the tables declare."""
    there = copy.tables()
    named = {
        model._meta.db_table
        for model in lifecycle.declared()
        if any(field.name == "secret_id" for field in model._meta.concrete_fields)
    }
    yield from copy.distinct(sorted(named & there), "secret_id")


def _log(copy: copies.Copy) -> DrillCheck:
    verdict = copy.log_verdict()
    sentence = str(verdict.get("detail") or _("The log in it could not be checked."))
    return DrillCheck("log", bool(verdict.get("ok")), sentence)


def _canary(folder: Path) -> list[DrillCheck]:
    birds = canary.read((folder / canary.FILE).read_bytes() if (folder / canary.FILE).is_file() else b"")
    living, dead = canary.opens(birds, birds.living), canary.opens(birds, birds.dead)
    kept = _("A record sealed like a member’s opens from it.")
    not_kept = _("A record sealed like a member’s does not open from it any more.")
    forgotten = _("A record whose key was destroyed after it was made does not open from it.")
    not_forgotten = _("A record whose key was destroyed after it was made still opens from it.")
    return [
        DrillCheck("kept", living, kept if living else not_kept),
        DrillCheck("forgotten", not dead, not_forgotten if dead else forgotten),
    ]
