"""``circlekeeper up`` as people run it: real processes, a real port, a real folder."""

import contextlib
import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench import service

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"DJANGO_SETTINGS_MODULE", "CIRCLEKEEPER_DATA"}
}


def start(folder, port, *more):
    command = [sys.executable, "-m", "circlekeeper", "up", "--data", str(folder), "--port", str(port), *more]
    # A group of its own, so that a test can end all of it, also children whose parent is gone.
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, start_new_session=True
    )


def wait_until(true, seconds=15.0):
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that several tests start from; the first start makes the databases."""
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture
def up(folder):
    """A running service; killed if the test did not stop it."""
    process = start(folder, port := service.free_port())
    wait_until(lambda: process.poll() is not None or service._healthy(port))
    assert process.poll() is None, process.stderr.read()
    yield process, port, folder
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)


def stop(process):
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=6)
    return time.monotonic() - began, *said


def test_it_prints_one_sentence_and_stops_at_once(up):
    process, port, folder = up
    sentence = process.stdout.readline()

    taken, out, errors = stop(process)

    assert sentence.startswith(f"Circlekeeper is ready: open http://localhost:{port} and type the set-up code ")
    assert (out, errors, process.returncode) == ("", "", 0)
    assert taken < 5
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*"))


def test_the_set_up_code_is_on_no_command_line(up):
    process, _, folder = up
    code = process.stdout.readline().strip().removesuffix(".").rpartition(" ")[2]
    assert (folder / "setup-code").read_text().strip() == code
    for pid in service.tree(process.pid):
        assert code.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_both_databases_are_ready_and_whole_after_a_stop(up):
    process, _, folder = up
    stop(process)
    for name in ("circlekeeper.sqlite3", "shred.sqlite3"):
        with contextlib.closing(sqlite3.connect(folder / name)) as database:
            database.create_function("REGEXP", 2, lambda pattern, text: re.search(pattern, text) is not None)
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("SELECT count(*) FROM django_migrations").fetchone()[0] > 0


@pytest.mark.parametrize("which", [0, 1])
def test_a_process_that_dies_is_started_again(up, which):
    process, port, _ = up
    children = wait_until(lambda: len(found := service.tree(process.pid)[1:]) == 2 and found)

    os.kill(children[which], signal.SIGKILL)

    fresh = wait_until(lambda: len(now := service.tree(process.pid)[1:]) == 2 and set(now) - set(children))
    assert len(fresh) == 1
    wait_until(lambda: service._healthy(port))
    _, _, errors = stop(process)
    assert "a process ended and is started again" in errors


def test_children_do_not_outlive_a_killed_parent(up):
    process, _, _ = up
    children = service.tree(process.pid)[1:]
    process.kill()
    process.wait()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def test_a_second_one_on_the_same_folder_or_port_is_refused_in_one_sentence(up):
    _, port, folder = up
    same_port = start(folder, port)
    assert same_port.communicate(timeout=15) == (
        "",
        f"Port {port} is already in use: stop the other program or choose another port, like PORT={port + 1}.\n",
    )
    same_folder = start(folder, service.free_port())
    assert same_folder.communicate(timeout=15) == (
        "",
        f"Circlekeeper is already running on the data folder {folder}.\n",
    )
    assert (same_port.returncode, same_folder.returncode) == (1, 1)


def test_more_web_processes_need_postgresql(folder):
    process = start(folder, service.free_port(), "--workers", "2")
    _, errors = process.communicate(timeout=15)
    assert errors == "More than one web process needs PostgreSQL: set DATABASE_URL, or leave --workers out.\n"
    assert process.returncode == 1


def test_a_damaged_key_is_never_replaced(folder, tmp_path):
    (tmp_path / "keys").mkdir(parents=True)
    key = tmp_path / "keys" / "cookie.key"
    key.write_bytes(b"short")
    process = start(tmp_path, service.free_port())
    _, errors = process.communicate(timeout=15)
    assert "is damaged" in errors
    assert errors.count("\n") == 1
    assert key.read_bytes() == b"short"


def test_a_page_says_nothing_of_itself_in_the_log(up):
    process, port, _ = up
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", "/m/anna-secret/", headers={"User-Agent": "annas-phone"})
        assert connection.getresponse().status in {302, 404}
    _, out, errors = stop(process)
    assert "anna" not in out + errors
    assert "127.0.0.1" not in out + errors
