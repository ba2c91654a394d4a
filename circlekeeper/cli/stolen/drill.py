"""The drill: who steals what, what each of them should be able to read, and whether it is no more than that.

The documents' table of attackers (docs/threat-model.md), row by row. What was read is neither kept nor printed: counts only.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from circlekeeper.cli.stolen import columns, hand, leftovers, loot
from circlekeeper.cli.stolen.columns import Try
from circlekeeper.cli.stolen.hand import Hand
from circlekeeper.cli.stolen.leftovers import Finding
from circlekeeper.cli.stolen.loot import Loot
from circlekeeper.foundation.backup.faults import BackupFailed

BACKUP_KEY = "backup.key"
NOBODY = Hand()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was stolen. ``handle`` and ``passphrase`` are of someone who left; ``file_key``: the backup's age identity."""

    folder: Path
    backup: Path | None = None
    file_key: str = field(default="", repr=False)
    handle: str = ""
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Attacker:
    """One row of the table: what they hold, what they read and what stayed closed, counted by kind."""

    id: str
    holds: str
    read: Mapping[str, int]
    closed: Mapping[str, int]


@dataclass(slots=True)
class Result:
    """How the drill went. ``findings``: what was read and should not be; empty is good."""

    attackers: list[Attacker] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was read that should not be."""
        return not self.findings

    def document(self) -> dict[str, Any]:
        """For ``--json`` and for the text."""
        return {
            "ok": self.ok,
            "attackers": [asdict(each) for each in self.attackers],
            "findings": [asdict(each) for each in self.findings],
        }


def run(asked: Asked) -> Result:
    """Try everything. Works on copies in a throw-away folder.

    :raises FileNotFoundError: the folder or the backup holds no SQLite database.
    :raises WrongPassphrase: the passphrase opens nothing. :raises BackupFailed: no key at hand opens the backup.
    """
    room = Path(tempfile.mkdtemp(prefix="circlekeeper-drill-"))
    hauls: list[Loot] = []
    try:
        disk = loot.of_folder(asked.folder, _made(room / "disk"))
        hauls.append(disk)
        old = _backup(asked, disk, _made(room / "backup"))
        if old:
            hauls.append(old)
        return _tried(asked, disk, old)
    finally:
        for haul in hauls:
            haul.close()
        shutil.rmtree(room, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def _backup(asked: Asked, disk: Loot, room: Path) -> Loot | None:
    if asked.backup is None:
        return None
    beside = disk.keys.get(BACKUP_KEY, b"").decode(errors="replace")
    return loot.of_backup(asked.backup, room, [text for text in (asked.file_key, beside) if text])


def _tried(asked: Asked, disk: Loot, old: Loot | None) -> Result:
    result, secrets = Result(), disk.secrets()
    files = [path for path in sorted(asked.folder.rglob("*")) if path.is_file() and path.parent.name != "keys"]
    person = NOBODY
    if asked.handle:
        person = hand.of_person(asked.handle, asked.passphrase, [each for each in (disk, old) if each])
    _thief_of_the_disk(result, disk, secrets)
    known: list[Mapping[str, Any]] = []
    if old is not None:
        known = _thief_of_a_backup(result, old, disk, person, secrets)
    if asked.handle:
        _former_leader(result, disk, old, person, secrets)
        kept = [each for each in (disk, old) if each]
        result.findings += leftovers.old_wraps(files, kept, hand=person, secrets=secrets)
    result.findings += leftovers.not_sealed(disk)
    result.findings += leftovers.keys_in_files(files + sorted((asked.folder / "keys").glob("*")), disk)
    result.findings += leftovers.words_in_files(files, known)
    return result


def _thief_of_the_disk(result: Result, disk: Loot, secrets: Mapping[str, bytes]) -> None:
    """A stolen disk, and an operator who has to hand it over: the machine's own half, nobody's record."""
    tries = list(columns.tried(disk, hand=NOBODY, secrets=secrets))
    machine = {title: count for title, count in columns.machine_reads(disk, secrets).items() if count}
    _row(result, "stolen-disk", "the whole data folder, as an operator under order has it", tries, machine=machine)
    _refuse(result, "stolen-disk", [each for each in tries if each.content is not None])


def _thief_of_a_backup(
    result: Result, old: Loot, disk: Loot, person: Hand, secrets: Mapping[str, bytes]
) -> list[Mapping[str, Any]]:
    """A backup alone opens nothing; with the passphrase and today's shred store, what was not destroyed since."""
    alone = list(columns.tried(old, hand=NOBODY, secrets=old.secrets()))
    _row(result, "old-backup", "a backup and its key", alone)
    _refuse(result, "old-backup", [each for each in alone if each.content is not None])
    if old.store is not None:
        result.findings.append(Finding("store-in-backup", "the backup holds a shred store"))
    with_key = list(columns.tried(old, hand=person, secrets=old.secrets()))
    _row(result, "old-backup-and-passphrase", "a backup and a former leader's passphrase", with_key)
    _refuse(result, "old-backup-and-passphrase", [each for each in with_key if each.content is not None])
    both = list(columns.tried(old, hand=person, secrets=secrets))
    _row(
        result,
        "old-backup-passphrase-and-store",
        "the same, with today's shred store: what is not destroyed",
        both,
    )
    _refuse(result, "old-backup-passphrase-and-store", _forgotten(both, disk))
    return [each.content for each in both if each.content is not None]


def _former_leader(
    result: Result, disk: Loot, old: Loot | None, person: Hand, secrets: Mapping[str, bytes]
) -> None:
    """Someone who left: from the disk of today nothing, and with an old backup nothing that came after it."""
    tries = list(columns.tried(disk, hand=person, secrets=secrets))
    _row(result, "former-leader", "the whole data folder and a former leader's passphrase", tries)
    _refuse(result, "former-leader", _read_in_groups_left(tries, person))
    if old is None:
        return
    mixed = list(columns.with_old_wraps(old, disk, keys=person.keys, secrets=secrets))
    holds = "today's records with the wraps of an old backup: those that were in it"
    _row(result, "former-leader-and-old-backup", holds, mixed)
    _refuse(result, "former-leader-and-old-backup", _forgotten(mixed, disk))


def _read_in_groups_left(tries: Iterable[Try], person: Hand) -> list[Try]:
    return [each for each in tries if each.content is not None and each.group_id not in person.live]


def _forgotten(tries: Iterable[Try], disk: Loot) -> list[Try]:
    """What opened although its person is gone from today's database, or its secret was destroyed."""
    here = {row["id"] for row in disk.main.rows("roster_member")}
    stones = disk.store.rows("vault_shred_tombstone") if disk.store else []
    gone = {row["ref"] for row in stones if row["kind"] == "shred"}
    return [
        each
        for each in tries
        if each.content is not None
        and (each.secret_id in gone or (each.member_id != "" and each.member_id not in here))
    ]


def _row(
    result: Result,
    name: str,
    holds: str,
    tries: Iterable[Try],
    *,
    machine: Mapping[str, int] | None = None,
) -> None:
    read: Counter[str] = Counter(machine or {})
    closed: Counter[str] = Counter()
    for each in tries:
        (closed if each.content is None else read)[each.title] += 1
    result.attackers.append(Attacker(name, holds, dict(read), dict(closed)))


def _refuse(result: Result, name: str, opened: Iterable[Try]) -> None:
    for title, count in sorted(Counter(each.title for each in opened).items()):
        result.findings.append(Finding(name, f"{title}: {count} read"))


__all__ = ["Asked", "BackupFailed", "Result", "run"]
