"""A real machine is copied, lost and put back by the commands of the command line alone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.journeys import machine


def _circlekeeper(data: Path, *words: str) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "circlekeeper", *words],
        env=machine.environment(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else {}, done.stderr


def test_dat1_a_lost_machine_comes_back_closed_and_opens_when_reconciled(tmp_path: Path) -> None:
    old, new, archive = tmp_path / "old", tmp_path / "new", tmp_path / "copy.age"
    with machine.running(old):
        status, made, _ = _circlekeeper(old, "backup", "create", str(archive), "--json")
        assert (status, made["ok"]) == (0, True)
        printed = _circlekeeper(old, "backup", "key", "--json")[1]["key_to_print"]
        assert printed.startswith("AGE-SECRET-KEY-")
        status, drilled, _ = _circlekeeper(old, "backup", "drill", "--json")
        assert (status, drilled["ok"]) == (0, True), drilled
    assert b"SQLite format" not in archive.read_bytes()
    key = tmp_path / "printed.txt"
    key.write_text(printed)

    # The key of a machine that is gone is on paper only; without it the copy says nothing.
    status, said, _ = _circlekeeper(tmp_path / "elsewhere", "restore", str(archive), "--data", str(new), "--json")
    assert (status, said["ok"]) == (1, False)
    words = ("restore", str(archive), "--data", str(new), "--key", str(key), "--store", str(old), "--json")
    status, said, _ = _circlekeeper(tmp_path / "elsewhere", *words)
    assert (status, said["closed"]) == (0, True), said

    status, _, refused = _circlekeeper(new, "up", "--data", str(new), "--port", str(machine.free_port()))
    assert (status, "restore --reconcile" in refused) == (1, True), refused
    status, said, errors = _circlekeeper(new, "restore", "--reconcile", "--data", str(new), "--json")
    assert (status, said.get("opened")) == (0, True), (said, errors)
    with machine.running(new) as again:
        assert again.command("log", "verify")["ok"] is True
        checks = {each["id"]: each["state"] for each in again.command("doctor")["checks"]}
        assert checks["backup"] == "ok"


def test_restore_says_how_it_is_used(tmp_path: Path) -> None:
    assert _circlekeeper(tmp_path, "restore", "--data", str(tmp_path / "new"), "--json")[0] == 2
    assert _circlekeeper(tmp_path, "restore", "--reconcile", "--data", str(tmp_path / "new"), "--json")[0] == 2
