"""The doctor finds what is wrong and says how to mend it."""

import shutil
import sqlite3
from datetime import timedelta

import pytest

from circlekeeper.cli import setup
from circlekeeper.cli.doctor import examine, keeping, machine
from circlekeeper.cli.doctor.examine import State
from circlekeeper.foundation import clock, ledger
from circlekeeper.foundation.backup import log
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.jobs import heartbeat

BOTH = pytest.mark.django_db(databases=["default", "shred"])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "has_data", lambda folder: True)
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "cookie.key").touch(mode=0o600)
    tmp_path.chmod(0o700)
    return tmp_path


def only(checks):
    (check,) = checks
    return check


@BOTH
def test_a_house_that_runs_has_no_failing_check(folder, settings):
    settings.EMAIL_URL = "smtp://localhost"
    heartbeat.beat(clock.now())
    for verb in (log.CREATED, log.PASSED):
        log.note(verb, by="system", now=clock.now())

    found = examine.examine(folder)

    assert [check for check in found if check.state is not State.OK] == []
    assert {check.id for check in found} >= {
        "versions", "sqlite", "keys", "disk", "database", "database-shred", "mail", "clock", "worker",
    }  # fmt: skip


def test_a_key_that_others_can_read_is_found(folder):
    (folder / "keys" / "cookie.key").chmod(0o640)
    check = only(machine.keys(folder))
    assert (check.state, check.mend) == (State.FAIL, f"chmod -R go= {folder}")


def test_an_old_sqlite_is_found(folder, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    assert [check.state for check in machine.versions(folder)] == [State.OK, State.FAIL]


@pytest.mark.parametrize(
    ("free", "state"), [(10 * 1024**3, State.OK), (200 * 1024**2, State.WARN), (1024**2, State.FAIL)]
)
def test_a_full_disk_is_found(folder, monkeypatch, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(free, 0, free))
    assert only(machine.disk(folder)).state is state


def test_no_mail_server_is_a_warning_with_a_way_out(folder, settings):
    settings.EMAIL_URL = ""
    check = only(machine.mail(folder))
    assert check.state is State.WARN
    assert "To mend it: EMAIL_URL=" in check.document()["detail"]


@BOTH
def test_looking_at_the_database_leaves_nothing_behind(folder):
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    machine.database(folder)
    assert ("doctor", "write_test") not in MigrationRecorder(connection).applied_migrations()


@BOTH
def test_a_worker_that_stopped_is_found(folder):
    heartbeat.beat(clock.now() - timedelta(minutes=10))
    check = only(keeping.worker(folder))
    assert (check.state, check.mend) == (State.FAIL, f"circlekeeper up --data {folder}")


@pytest.mark.django_db(databases=["default", "shred"], transaction=True)
def test_a_clock_behind_the_log_is_found(folder):
    ledger.append_alone(by="system", about=new_id(), at=clock.now() + timedelta(hours=1), verb="test.entry.append")
    assert only(keeping.time(folder)).state is State.FAIL


def test_a_check_that_breaks_is_a_finding_without_its_text(folder):
    def broken(place):
        raise ValueError("anna@example.org")

    check = only(examine._run("mail", broken, folder))
    assert check.state is State.FAIL
    assert "anna" not in check.words


def test_before_the_first_start_the_doctor_says_how_to_start(tmp_path):
    found = {check.id: check for check in [*machine.keys(tmp_path / "data"), *machine.database(tmp_path / "data")]}
    assert {check.state for check in found.values()} == {State.WARN}


@BOTH
@pytest.mark.parametrize(
    ("lines", "state", "words"),
    [
        ([], State.WARN, "no backup yet"),
        ([(log.CREATED, 9)], State.FAIL, "9 days old"),
        ([(log.CREATED, 1)], State.WARN, "No backup was opened"),
        ([(log.CREATED, 1), (log.FAILED, 0)], State.FAIL, "did not open"),
        ([(log.CREATED, 1), (log.FAILED, 1), (log.PASSED, 0)], State.OK, "recent"),
    ],
)
def test_dat1_how_backups_stand(folder, lines, state, words):
    for verb, days in lines:
        log.note(verb, by="system", now=clock.now() - timedelta(days=days))
    check = only(keeping.backup(folder))
    assert (check.state, words in check.words) == (state, True), check
