"""What can go wrong with a file, a key or a disk: one plain sentence each, and nothing half-made."""

from typing import Any

import pytest
from pyrage import x25519

from circlekeeper.foundation.backup import archive, creating, drilling, identity, restoring
from circlekeeper.foundation.backup.faults import BackupFailed
from circlekeeper.foundation.backup.tests.conftest import NOW, child, on_sqlite, sealed_members
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


@pytest.fixture
def made(tmp_path):
    sealed_members(20)
    return creating.create(tmp_path / "one.age", now=NOW).path


def _refused(backup, tmp_path, *, keys=None):
    """The sentence with which opening it is refused; nothing may be left of the try."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    with pytest.raises(BackupFailed) as failure:
        archive.unpack(backup, folder, keys or [identity.read_or_make().identity])
    assert list(folder.iterdir()) == []
    return failure.value.sentence


def test_another_key_does_not_open_it(made, tmp_path):
    other = x25519.Identity.generate()

    assert "does not open this backup" in _refused(made, tmp_path, keys=[other])


@pytest.mark.parametrize("part", [0, 1, 150, 70_000, -1])
def test_a_backup_that_was_cut_short_is_refused_whole(made, tmp_path, part):
    whole = made.read_bytes()
    assert len(whole) > 140_000
    (tmp_path / "cut.age").write_bytes(whole[:part])

    assert "damaged or not complete" in _refused(tmp_path / "cut.age", tmp_path)


@pytest.mark.parametrize("where", [5, 60, 120, 180, 1000, 66_000, -1])
def test_one_flipped_byte_anywhere_is_noticed(made, tmp_path, where):
    whole = bytearray(made.read_bytes())
    whole[where] ^= 1
    (tmp_path / "flipped.age").write_bytes(whole)

    sentence = _refused(tmp_path / "flipped.age", tmp_path)

    # A byte of the head decides which key it is for, so age cannot tell it from another key's backup.
    assert "damaged" in sentence or (abs(where) < 200 and "does not open" in sentence)


def test_the_drill_reports_a_damaged_backup_instead_of_failing(made):
    whole = bytearray(made.read_bytes())
    whole[90_000] ^= 1
    made.write_bytes(whole)

    result = drilling.drill(now=NOW)

    assert [(check.id, check.ok) for check in result.checks] == [("opens", False)]
    assert not result.ok


def test_a_file_is_never_overwritten(made, tmp_path):
    before = made.read_bytes()

    with pytest.raises(BackupFailed, match="already a file of that name"):
        creating.create(made, now=NOW)

    assert made.read_bytes() == before


def test_a_folder_that_may_not_be_written_gives_a_sentence(tmp_path):
    with pytest.raises(BackupFailed, match="could not be written there"):
        creating.create(tmp_path / "no" / "such" / "one.age", now=NOW)


def test_a_damaged_key_file_is_not_replaced(made, data):
    (data / "keys" / "backup.key").write_text("AGE-SECRET-KEY-1NONSENSE")

    with pytest.raises(BackupFailed, match="not a key for backups"):
        creating.create(made.with_name("two.age"), now=NOW)

    assert (data / "keys" / "backup.key").read_text() == "AGE-SECRET-KEY-1NONSENSE"


def test_when_it_fails_nothing_is_half_written_and_no_canary_is_buried(tmp_path, data, monkeypatch):
    def full(self, parts, recipients):
        self.place.write_bytes(b"half")
        raise OSError(28, "full")

    monkeypatch.setattr(archive.Draft, "write", full)
    with pytest.raises(BackupFailed, match="no room left"):
        creating.create(tmp_path / "one.age", now=NOW)

    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert not (data / "backup-work").exists()
    assert shredstore.tombstones("shred") == []


_FULL_DISK = """
import resource
import django
django.setup()
from django.core.management import call_command
for alias in ("default", "shred"):
    call_command("migrate", database=alias, verbosity=0)
from pathlib import Path
from circlekeeper.foundation import clock
from circlekeeper.foundation.backup import creating, identity
from circlekeeper.foundation.backup.faults import BackupFailed
identity.read_or_make()
# A part that travels along and is larger than what the second limit lets a file be.
(Path(django.conf.settings.DATA_DIR) / creating.DEMO_MARK).write_bytes(b"x" * 12_000_000)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
try:
    creating.create(Path({target!r}), now=clock.now())
except BackupFailed as failure:
    print(failure.sentence)
else:
    print("made")
"""


@on_sqlite
@pytest.mark.parametrize("limit", [100_000, 8_000_000])
def test_a_full_disk_gives_a_sentence_and_leaves_nothing(tmp_path, limit):
    """100 kB: nothing can be written any more. 8 MB: the databases work and the archive does not fit."""
    target = tmp_path / "out" / "one.age"
    target.parent.mkdir()

    done = child(
        _FULL_DISK.format(limit=limit, target=str(target)),
        CIRCLEKEEPER_DATA=str(tmp_path / "machine"),
        DJANGO_SETTINGS_MODULE="circlekeeper.settings_test",
    )

    assert "There is no room left for the backup." in done.stdout, (done.stdout, done.stderr[-2000:])
    assert list(target.parent.iterdir()) == []
    assert not (tmp_path / "machine" / "backup-work").exists()


_KILLED = """
import os, django
django.setup()
from django.core.management import call_command
for alias in ("default", "shred"):
    call_command("migrate", database=alias, verbosity=0)
from pathlib import Path
from circlekeeper.foundation import clock
from circlekeeper.foundation.backup import canary, creating
canary.bury = lambda birds, now: os.kill(os.getpid(), 9)
creating.create(Path({target!r}), now=clock.now())
"""


@on_sqlite
def test_killed_in_the_middle_there_is_no_backup_and_the_next_one_cleans_up(tmp_path):
    target = tmp_path / "out" / "one.age"
    target.parent.mkdir()
    where = {
        "CIRCLEKEEPER_DATA": str(tmp_path / "machine"),
        "DJANGO_SETTINGS_MODULE": "circlekeeper.settings_test",
    }

    killed = child(_KILLED.format(target=str(target)), **where)
    assert killed.returncode == -9
    assert not target.exists()
    assert (tmp_path / "machine" / "backup-work").exists()

    again = child(_KILLED.format(target=str(target)).replace("canary.bury =", "unused ="), **where)
    assert again.returncode == 0, again.stderr
    assert target.exists()
    assert not (tmp_path / "machine" / "backup-work").exists()


def test_a_folder_in_use_is_not_restored_into(made, tmp_path):
    used = tmp_path / "used"
    (used / "keys").mkdir(parents=True)
    (used / "circlekeeper.sqlite3").write_bytes(b"somebody's data")

    with pytest.raises(BackupFailed, match="not empty"):
        restoring.restore(made, data=used)

    assert (used / "circlekeeper.sqlite3").read_bytes() == b"somebody's data"


def test_an_archive_with_a_strange_part_is_refused(tmp_path):
    key = identity.read_or_make().identity
    with archive.Draft(tmp_path / "evil.age") as draft:
        draft.write({"../../evil": b"x"}, [key.to_public()])
        draft.keep()

    assert "damaged" in _refused(tmp_path / "evil.age", tmp_path)
    assert not (tmp_path.parent / "evil").exists()


def test_an_archive_of_a_newer_release_is_refused(tmp_path):
    key = identity.read_or_make().identity
    said = archive.Manifest(archive.FORMAT + 1, NOW, "9.0", "sqlite").as_bytes()
    with archive.Draft(tmp_path / "new.age") as draft:
        draft.write({archive.MANIFEST: said}, [key.to_public()])
        draft.keep()
    folder = tmp_path / "unpacked"
    folder.mkdir()

    with pytest.raises(BackupFailed, match="newer Circlekeeper"):
        archive.unpack(tmp_path / "new.age", folder, [key])


def test_postgresql_without_its_programs_gives_a_sentence(tmp_path, monkeypatch):
    from circlekeeper.foundation.backup import postgres

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "_target", lambda: {"dbname": "x"})

    with pytest.raises(BackupFailed, match="pg_dump and pg_restore are needed"):
        postgres.dump(tmp_path / "out", without_rows_of=[])


def test_the_password_of_the_database_is_on_no_command_line(tmp_path, monkeypatch):
    import subprocess

    from circlekeeper.foundation.backup import postgres

    seen: dict[str, Any] = {}

    def run(words, *, env, **_more):
        seen.update(words=words, env=env)
        return subprocess.CompletedProcess(words, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(postgres, "_target", lambda: {"dbname": "x", "password": "hunter2"})
    postgres.dump(tmp_path / "out", without_rows_of=["post_letter"])

    assert "hunter2" not in " ".join(map(str, seen["words"]))
    assert seen["env"]["PGPASSWORD"] == "hunter2"
    assert "--exclude-table-data=post_letter" in seen["words"]
