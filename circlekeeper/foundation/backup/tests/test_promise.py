"""The whole promise: a backup helps, and brings nobody back."""

import json
import stat
from pathlib import Path

import pytest
from pyrage import x25519

from circlekeeper.foundation import ledger
from circlekeeper.foundation.backup import archive, creating, drilling, identity, log, restoring
from circlekeeper.foundation.backup.tests.conftest import NOW, on_sqlite, rows_of, sealed_members
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


@on_sqlite
def test_dat6_from_a_backup_and_the_groups_key_forty_nine_open_and_the_shredded_one_does_not(tmp_path, data):
    group = sealed_members(50)
    made = creating.create(tmp_path / "one.age", now=NOW)

    shredstore.shred([group.rows[17][1]], now=NOW)
    restored = restoring.restore(made.path, data=tmp_path / "elsewhere")

    rows = rows_of(restored.folder / "circlekeeper.sqlite3")
    opened = group.opened_from(rows)
    assert len(rows) == 50
    assert len(opened) == 49
    assert group.rows[17][0] not in opened
    assert opened[group.rows[3][0]] == "member-3@example.org"


def test_dat1_what_the_archive_holds_and_what_it_must_not(tmp_path, data):
    group = sealed_members(3)
    made = creating.create(tmp_path / "one.age", now=NOW)

    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    archive.unpack(made.path, unpacked, [identity.read_or_make().identity])
    names = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}

    assert {"manifest.json", "canary.json", "keys/pepper.key", "keys/mfa.key", "keys/ledger.key"} <= names
    assert not any("shred" in name or "backup.key" in name or "cookie" in name for name in names)
    everything = b"".join(path.read_bytes() for path in unpacked.rglob("*") if path.is_file())
    for secret in shredstore.secrets(row[1] for row in group.rows).values():
        assert secret not in everything
    assert (data / "keys" / "shred-store.key").read_bytes() not in everything


def test_a_backup_is_closed_to_other_users_and_nothing_is_left_of_making_it(tmp_path, data):
    sealed_members(2)
    made = creating.create(tmp_path / "one.age", now=NOW)

    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["one.age"]
    assert not (data / "backup-work").exists()
    assert b"member" not in made.path.read_bytes()


def test_the_key_is_shown_once_and_opens_what_was_made_before_and_after(tmp_path):
    first = creating.create(tmp_path / "one.age", now=NOW)
    second = creating.create(tmp_path / "two.age", now=NOW)

    assert first.key_to_print is not None
    assert second.key_to_print is None
    shown = identity.parse(first.key_to_print)
    for made in (first, second):
        folder = tmp_path / f"of-{made.path.name}"
        folder.mkdir()
        archive.unpack(made.path, folder, [shown])
        assert json.loads((folder / "manifest.json").read_bytes())["format"] == 1
    assert "AGE-SECRET" not in repr(first)


def test_a_further_recipient_opens_it_without_this_machine(tmp_path):
    elsewhere = x25519.Identity.generate()
    made = creating.create(tmp_path / "one.age", now=NOW, recipients=[str(elsewhere.to_public())])
    folder = tmp_path / "folder"
    folder.mkdir()

    archive.unpack(made.path, folder, [elsewhere])

    assert made.recipients == 2
    assert (folder / "keys" / "ledger.key").exists()


def test_a_folder_as_path_gets_a_dated_name(tmp_path):
    made = creating.create(tmp_path, now=NOW)

    assert made.path == tmp_path / "circlekeeper-20261123T190000Z.age"


def test_the_drill_passes_on_a_good_backup_and_says_what_was_destroyed_since(tmp_path, data):
    group = sealed_members(5)
    made = creating.create(tmp_path / "one.age", now=NOW)
    shredstore.shred([group.rows[0][1]], now=NOW)

    result = drilling.drill(now=NOW)

    assert {check.id: check.ok for check in result.checks} == dict.fromkeys(
        ["opens", "keys", "database", "no-shred-store", "records", "log", "kept", "forgotten"], True
    )
    records = next(check for check in result.checks if check.id == "records")
    assert records.detail.startswith("4 keys of records in it are still there, 1 were destroyed since, 0 are")
    assert (result.ok, result.made_at, result.size) == (True, NOW, made.size)
    assert not (data / "backup-work").exists()


def test_without_a_backup_the_drill_makes_one_for_itself_and_leaves_nothing(tmp_path, data):
    sealed_members(2)

    result = drilling.drill(now=NOW)

    assert result.ok, result.checks
    assert not list(data.rglob("*.age"))
    assert log.status(NOW).made_at is None


def test_the_drill_fails_when_a_secret_is_missing_for_no_reason(tmp_path):
    from circlekeeper.foundation import guard
    from circlekeeper.foundation.vault.shred.models import Secret

    group = sealed_members(4)
    creating.create(tmp_path / "one.age", now=NOW)
    with guard.outside_action("a thief, or a fault"):
        Secret.objects.filter(pk=group.rows[2][1]).delete()

    result = drilling.drill(now=NOW)

    assert not result.ok
    assert [check.id for check in result.checks if not check.ok] == ["records"]


def test_the_drill_fails_when_what_was_forgotten_still_opens(tmp_path, monkeypatch):
    from circlekeeper.foundation.backup import canary

    monkeypatch.setattr(canary, "bury", lambda birds, now: None)
    creating.create(tmp_path / "one.age", now=NOW)

    result = drilling.drill(now=NOW)

    assert [check.id for check in result.checks if not check.ok] == ["forgotten"]


def test_the_drill_fails_when_the_store_is_lost(tmp_path):
    from circlekeeper.foundation import guard
    from circlekeeper.foundation.vault.shred.models import Secret, Tombstone

    sealed_members(4)
    creating.create(tmp_path / "one.age", now=NOW)
    with guard.outside_action("the disk of the store is lost"):
        Secret.objects.all().delete()
        Tombstone.objects.all().delete()

    result = drilling.drill(now=NOW)

    assert {check.id for check in result.checks if not check.ok} == {"records", "kept"}


@on_sqlite
def test_the_drill_fails_when_the_log_in_the_backup_was_changed(tmp_path):
    import sqlite3

    from django.db import connection

    ledger.append_alone(by="a", about="b", at=NOW, verb="test.line.write")
    ledger.append_alone(by="a", about="c", at=NOW, verb="test.line.write")
    with sqlite3.connect(connection.settings_dict["NAME"]) as thief:
        found = thief.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in found:
            thief.execute(f'DROP TRIGGER "{name}"')
        thief.execute("UPDATE ledger_entry SET actor = 'x' WHERE seq = 0")
        for _name, made in found:
            thief.execute(made)
    creating.create(tmp_path / "one.age", now=NOW)

    result = drilling.drill(now=NOW)

    assert [check.id for check in result.checks if not check.ok] == ["log"]


def test_status_says_how_old_and_whether_the_drill_passed(tmp_path):
    from datetime import timedelta

    assert log.status(NOW) == log.Status(None, None, None, None)
    creating.create(tmp_path / "one.age", now=NOW)
    drilling.drill(now=NOW + timedelta(hours=1))

    later = log.status(NOW + timedelta(days=2))

    assert later == log.Status(NOW, timedelta(days=2), NOW + timedelta(hours=1), True)


@on_sqlite
def test_nobody_is_signed_in_and_no_letter_waits_in_a_backup(tmp_path):
    from datetime import timedelta

    from circlekeeper.foundation.post.tests import factories as post
    from circlekeeper.foundation.vault import sessions

    assert post.queue(by="system", now=NOW)
    sessions.open_session(subject="person:x", secret=b"s" * 16, idle=timedelta(minutes=5), now=NOW)
    made = creating.create(tmp_path / "one.age", now=NOW)
    restored = restoring.restore(made.path, data=tmp_path / "elsewhere")

    import sqlite3

    with sqlite3.connect(restored.folder / "circlekeeper.sqlite3") as copy:
        counts = copy.execute(
            "SELECT (SELECT count(*) FROM post_letter), (SELECT count(*) FROM vault_keysession),"
            " (SELECT count(*) FROM accounts_opensession), (SELECT count(*) FROM roster_reach),"
            " (SELECT count(*) FROM ledger_entry)"
        ).fetchone()
    assert counts[:4] == (0, 0, 0, 0)


def test_two_backups_at_once_the_second_waits_and_is_told_so_in_the_end(tmp_path, monkeypatch):
    from circlekeeper.foundation.backup import faults, workroom

    monkeypatch.setattr(workroom, "WAITS", 0.3)

    with workroom.workroom() as room:
        assert Path(room).is_dir()
        with pytest.raises(faults.BackupFailed, match="already running"):
            creating.create(tmp_path / "one.age", now=NOW)
