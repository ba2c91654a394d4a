"""The demo as people run it: real processes, a real folder, a real port."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from bench import service
from circlekeeper.demo import cast, mark, seed
from circlekeeper.serving.tests.test_supervisor import ENVIRONMENT, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

# As a person has it: the cheap keys of tests are refused outside them.
OUTSIDE = {name: value for name, value in ENVIRONMENT.items() if name != "CIRCLEKEEPER_KDF"}
# A demo must not care for any of these.
REAL = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/real",
    "EMAIL_URL": "smtp://nobody:nothing@127.0.0.1:1",
    "CIRCLEKEEPER_URL": "https://real.example",
}


def run(*words, folder, more=REAL):
    command = [sys.executable, "-m", "circlekeeper", *words, "--data", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, env={**OUTSIDE, **more}, check=False)


def asked(*words, folder):
    return json.loads(run(*words, "--json", folder=folder, more={}).stdout)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A folder the demo was loaded into, and what the command printed."""
    folder = tmp_path_factory.mktemp("demo") / "demo-data"
    began = time.monotonic()
    done = run("demo", "--load-only", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout, time.monotonic() - began


def table(said, title):
    """The rows below a title, cells by column."""
    block = said.split(title, 1)[1].strip().split("\n\n")
    lines = (block[1] if block[0].startswith(("http", ",", ":")) else block[0]).splitlines()
    return [re.split(r" {2,}", line) for line in lines[2:]]


def test_it_loads_on_an_empty_folder_and_prints_how_to_sign_in(loaded):
    folder, said, seconds = loaded
    assert seconds < 90  # twenty on a machine that does nothing else
    assert mark.is_whole(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    for part in cast.PARTS:
        assert re.search(
            rf"^{part.handle}\s+{seed.passphrase(part.handle)}\s+{seed.app_secret(part.handle)}\s", said, re.M
        )
    for member in cast.MEMBERS:
        assert seed.member_key(member.alias) in said
    assert "https://real.example" not in said


def test_lvl0_each_level_has_its_group_in_the_state_it_shows(loaded):
    _, said, _ = loaded
    rows = {row[0]: (row[1], row[2]) for row in table(said, "Groups, as anyone sees them")}
    assert rows == {
        "Meadow loop": ("low", "open"),
        "Evening round": ("medium", "open"),
        "Lantern circle": ("high", "open"),
        "Quiet room": ("professional", "draft"),
        "Pilot table": ("experimental", "draft"),
    }


def test_posture_has_its_shape_and_says_what_the_story_wants(loaded):
    found = asked("posture", folder=loaded[0])
    for group in found:
        assert set(group) == {"group", "level", "blocking", "todo", "stale", "findings"}
        for finding in group["findings"]:
            assert set(finding) == {"control", "mode", "verdict", "evidence", "detail"}
    by_level = {group["level"]: group for group in found}

    assert blocking(by_level["high"]) == {"recording-off", "moderators-confirmed"}
    assert by_level["high"]["stale"] > 0
    assert by_level["low"]["blocking"] == 0
    before_a_meeting = {"links-sent-privately", "moderators-confirmed", "recording-off", "waiting-room-tested"}
    assert blocking(by_level["medium"]) == before_a_meeting
    assert blocking(by_level["professional"]) - before_a_meeting == {"retention-set"}
    assert "two-key-holders" in blocking(by_level["experimental"])


def blocking(group):
    """The controls counted as blocking: they stand first, worst first."""
    found = {each["control"] for each in group["findings"][: group["blocking"]]}
    assert all(each["verdict"] != "met" for each in group["findings"][: group["blocking"]])
    return found


def test_dat3_the_log_verifies_afterwards(loaded):
    found = asked("log", "verify", folder=loaded[0])
    assert (found["ok"], found["size"]) == (True, found["checkpoint_size"])
    assert found["size"] > 500


def test_ret1_records_fall_due_tomorrow_and_not_today(loaded):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert asked("retention", "run", "--dry-run", folder=loaded[0])["due"] == 0
    assert asked("retention", "run", "--dry-run", "--as-of", tomorrow.isoformat(), folder=loaded[0])["due"] >= 2


def test_mail_cannot_be_sent(loaded):
    checks = json.loads(run("doctor", "--json", folder=loaded[0]).stdout)["checks"]
    assert {check["id"]: check["state"] for check in checks}["mail"] == "warn"


def test_a_second_run_says_it_is_there_and_serves_with_a_banner_on_each_page(loaded):
    folder, said, _ = loaded
    port = service.free_port()
    command = [sys.executable, "-m", "circlekeeper", "demo", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**OUTSIDE, **REAL}
    )
    try:
        wait_until(lambda: process.poll() is not None or service._healthy(port), seconds=30)
        assert process.poll() is None, process.communicate()[1]
        group = table(said, "Groups, as anyone sees them")[0][3].rpartition("/g/")[2]
        pages = [
            page(port, path) for path in ("/sign-in/", "/me/", "/help-now/", f"/g/{group}", f"/g/{group}policy/")
        ]
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            out, errors = process.communicate(timeout=10)
        finally:
            for pid in service.tree(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    assert all('<p class="demo" role="note">A demo:' in each for each in pages)
    assert "It was loaded before" in out
    assert seed.passphrase("rowan") in out
    assert f"Circlekeeper is ready: open http://localhost:{port}." in out
    assert (errors, process.returncode) == ("", 0)


def page(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.read().decode()
