"""The command line as others rely on it: one document, one exit status, nothing that does nothing."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from circlekeeper.cli import answers, main, setup, table
from circlekeeper.foundation import clock, jobs
from circlekeeper.serving import logs
from circlekeeper.serving.tests.test_supervisor import ENVIRONMENT


def run(*words, folder):
    command = [sys.executable, "-m", "circlekeeper", *words]
    return subprocess.run(
        command, capture_output=True, text=True, env={**ENVIRONMENT, "CIRCLEKEEPER_DATA": str(folder)}, check=False
    )


@pytest.fixture
def called(monkeypatch, capsys, tmp_path):
    """Run a command in this process, on the test's own database."""
    monkeypatch.setattr(setup, "django", lambda folder, *, must_exist: None)
    monkeypatch.setattr(setup, "has_data", lambda folder: True)
    monkeypatch.setattr(logs, "begin", lambda: None)

    def call(*words):
        status = main.main([*words, "--data", str(tmp_path), "--json"])
        return status, json.loads(capsys.readouterr().out)

    return call


def test_every_command_says_what_it_does_and_has_a_place_to_stand():
    for command in table.COMMANDS:
        assert command.does
        assert len(command.words) == 1 or command.words[0] in table.GROUPS
    assert {command.words[0] for command in table.COMMANDS if len(command.words) == 2} == set(table.GROUPS)


def test_wrong_use_is_2_and_writes_no_document(tmp_path):
    for words in ((), ("log",), ("nonsense",), ("retention", "run", "--as-of", "tomorrow")):
        done = run(*words, folder=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr


def test_a_command_that_needs_data_says_so_and_makes_none(tmp_path):
    folder = tmp_path / "data"
    done = run("log", "verify", "--json", folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no Circlekeeper data" in done.stderr
    assert not folder.exists()


def test_the_content_that_ships_is_sound(tmp_path):
    done = run("playbook", "check", "--json", folder=tmp_path / "data")
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"], found["errors"], done.stderr) == (0, True, [], "")
    assert found["controls"] > 0
    assert list(tmp_path.iterdir()) == []


def test_bad_content_is_a_finding_that_names_the_file(tmp_path):
    (tmp_path / "controls").mkdir()
    (tmp_path / "controls" / "wrong.toml").write_text("colour = 1\n")
    done = run("playbook", "check", "--path", str(tmp_path), "--json", folder=tmp_path / "data")
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"]) == (1, False)
    assert any("wrong.toml" in error["file"] for error in found["errors"])


@pytest.mark.django_db(databases=["default", "shred"])
def test_an_empty_log_verifies(called):
    status, found = called("log", "verify")
    assert status == answers.FINE
    assert (found["ok"], found["size"]) == (True, 0)
    assert set(found) == {"ok", "size", "root", "checkpoint_size", "detail"}


@pytest.mark.django_db(databases=["default", "shred"])
def test_proving_an_entry_that_is_not_there_is_wrong_use(called):
    status, found = called("log", "prove", "99")
    assert (status, found["ok"]) == (answers.WRONG_USE, False)


@pytest.mark.django_db(databases=["default", "shred"])
def test_nothing_is_due_in_an_empty_house(called):
    status, found = called("retention", "run", "--as-of", "2030-01-01", "--dry-run")
    assert (status, found) == (answers.FINE, {"due": 0, "destroyed": 0, "held": 0, "certificates": []})


@pytest.mark.django_db(databases=["default", "shred"])
def test_the_posture_of_an_empty_house_is_an_empty_list(called):
    assert called("posture") == (answers.FINE, [])


@pytest.mark.django_db(databases=["default", "shred"])
def test_the_posture_of_a_group_that_is_not_there_is_wrong_use(called):
    assert called("posture", "a" * 26) == (answers.WRONG_USE, [])


def test_a_moment_without_a_zone_is_utc():
    assert table.moment("2026-11-23").isoformat() == "2026-11-23T00:00:00+00:00"
    assert table.moment("2026-11-23T10:00:00+02:00").isoformat() == "2026-11-23T10:00:00+02:00"


def test_the_same_facts_as_lines():
    document = {
        "ok": False,
        "errors": [{"file": "a.toml", "key": "", "problem": "wrong"}],
        "controls": 3,
        "held": [],
    }
    assert answers.as_lines(document).splitlines() == [
        "ok: no",
        "errors:",
        "  a.toml  wrong",
        "controls: 3",
        "held: –",
    ]


def test_python_dash_m_is_the_command(tmp_path):
    done = run("--version", folder=tmp_path)
    assert (done.returncode, done.stdout.split()[0]) == (0, "circlekeeper")


@pytest.mark.django_db
def test_a_person_says_that_the_clock_is_right_and_work_goes_on(called):
    now = clock.now()
    jobs.beat(now - timedelta(days=5))
    assert not jobs.clock_is_sane(now)

    assert called("clock", "confirm", (now - timedelta(hours=3)).isoformat())[0] == 1
    assert not jobs.clock_is_sane(now), "the two clocks do not agree"

    status, said = called("clock", "confirm", now.isoformat())
    assert (status, said["confirmed"]) == (0, True)
    assert jobs.clock_is_sane(clock.now())
