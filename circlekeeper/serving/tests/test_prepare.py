"""What stops a start, said in one sentence."""

import contextlib
import errno
import os
import shutil
import socket
from pathlib import Path

import pytest

from circlekeeper.serving import listener, prepare, trouble


def test_a_new_data_folder_is_closed_to_others(tmp_path):
    folder = tmp_path / "a" / "data"
    prepare.data_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_open_data_folder_is_closed(tmp_path):
    tmp_path.chmod(0o755)
    prepare.data_folder(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(trouble.Trouble, match="cannot be written"):
        prepare.data_folder(tmp_path / "file" / "data")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(trouble.Trouble, match="cannot be written"):
        prepare.data_folder(tmp_path / "data")


def test_a_disk_that_is_nearly_full_is_told(tmp_path, monkeypatch):
    full = shutil._ntuple_diskusage(1000, 1000, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    with pytest.raises(trouble.Trouble, match="is full"):
        prepare.data_folder(tmp_path)


def test_only_one_service_per_folder(tmp_path):
    held = prepare.only_one(tmp_path)
    with pytest.raises(trouble.Trouble, match="already running"):
        prepare.only_one(tmp_path)
    os.close(held)
    os.close(prepare.only_one(tmp_path))


class SqliteError(Exception):
    def __init__(self, name):
        super().__init__("text that must not be needed")
        self.sqlite_errorname = name


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "x"), "is full"),
        (OSError(errno.EROFS, "x"), "cannot be written"),
        (SqliteError("SQLITE_FULL"), "is full"),
        (SqliteError("SQLITE_READONLY_DBMOVED"), "cannot be written"),
        (SqliteError("SQLITE_CANTOPEN"), "cannot be written"),
    ],
)
def test_the_system_s_errors_become_sentences(error, words):
    wrapped = RuntimeError()
    wrapped.__cause__ = error
    found = trouble.from_system(wrapped, Path("/data"))
    assert found is not None
    assert words in found.sentence


def test_an_error_nobody_foresaw_is_not_explained_away():
    assert trouble.from_system(ValueError(), Path("/data")) is None


def test_a_busy_port_is_told_with_another_to_try():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with pytest.raises(trouble.Trouble, match=f"Port {port} is already in use.*PORT={port + 1}"):
            listener.bind(host="127.0.0.1", port=port)


def test_an_address_of_another_machine_is_told():
    with pytest.raises(trouble.Trouble, match="not an address of this machine"):
        listener.bind(host="192.0.2.1", port=0)


@pytest.mark.django_db(databases=["default", "shred"])
def test_data_of_a_newer_release_is_refused(tmp_path):
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    prepare.in_step(tmp_path)
    MigrationRecorder(connection).record_applied("ledger", "9999_from_the_future")

    with pytest.raises(trouble.Trouble, match="newer Circlekeeper"):
        prepare.in_step(tmp_path)


@pytest.mark.django_db(databases=["default", "shred"])
def test_data_of_an_older_release_is_told_apart(tmp_path):
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    ((app, newest),) = executor.loader.graph.leaf_nodes("ledger")
    executor.recorder.record_unapplied(app, newest)

    with pytest.raises(trouble.Trouble, match="older Circlekeeper"):
        prepare.in_step(tmp_path)
