"""A real machine: `circlekeeper up` in a folder of its own, as `make run` starts it, and the command line beside it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

READY_WITHIN = 30.0


@dataclass(slots=True)
class Machine:
    """A running service."""

    data: Path
    port: int
    process: subprocess.Popen[str]
    log: Path
    said: str = ""

    @property
    def url(self) -> str:
        """Where a browser goes."""
        return f"http://localhost:{self.port}"

    def command(self, *words: str) -> Any:
        """Run ``circlekeeper …`` on this machine's folder; returns the JSON document it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "circlekeeper", *words, "--json"],
            env=_environment(self.data),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def python(self, program: str) -> str:
        """Run a program with this machine's settings; for looking at what a thief would look at."""
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=_environment(self.data),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def _environment(data: Path) -> dict[str, str]:
    mine = {
        "DJANGO_SETTINGS_MODULE",
        "DATABASE_URL",
        "SHRED_DATABASE_URL",
        "CIRCLEKEEPER_KDF",
        "CIRCLEKEEPER_TEST",
    }
    kept = {name: value for name, value in os.environ.items() if name not in mine}
    return kept | {"CIRCLEKEEPER_DATA": str(data), "DJANGO_SETTINGS_MODULE": "circlekeeper.settings"}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(data: Path) -> Iterator[Machine]:
    """Start, wait until ready, and stop at the end; stopping takes five seconds at most."""
    port = _free_port()
    command = [sys.executable, "-m", "circlekeeper", "up", "--data", str(data), "--port", str(port)]
    log = data.with_name(data.name + ".log")
    with log.open("w") as complaints:
        process = subprocess.Popen(
            command, env=_environment(data), stdout=subprocess.PIPE, stderr=complaints, text=True
        )
    machine = Machine(data, port, process, log)
    try:
        _wait(machine)
        assert process.stdout is not None
        machine.said = process.stdout.readline()
        yield machine
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=6)
        if process.stdout is not None:
            process.stdout.close()


def _wait(machine: Machine) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urlopen(machine.url + "/healthz", timeout=1) as answer:  # noqa: S310
            if answer.read() == b"ok":
                return
        time.sleep(0.05)
    raise AssertionError("the service did not become ready")
