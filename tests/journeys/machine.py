"""A real machine: `circlekeeper up` in a folder of its own, as `make run` starts it, and the command line beside it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

READY_WITHIN = 30.0
# What the tests' own process is told and a real machine is not.
_OURS = frozenset(
    {
        "DJANGO_SETTINGS_MODULE",
        "DATABASE_URL",
        "SHRED_DATABASE_URL",
        "CIRCLEKEEPER_KDF",
        "CIRCLEKEEPER_TEST",
        "CIRCLEKEEPER_DATA",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
    }
)


@dataclass(slots=True)
class Machine:
    """A running service. ``said`` is the sentence it prints when it is ready; ``log`` holds what it complained of."""

    data: Path
    port: int
    process: subprocess.Popen[str]
    log: Path
    said: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where a browser goes."""
        return f"http://localhost:{self.port}"

    def command(self, *words: str) -> Any:
        """Run ``circlekeeper …`` on this machine's folder; returns the JSON document it printed."""
        done = self._run("-m", "circlekeeper", *words, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def python(self, program: str) -> str:
        """Run a program with this machine's settings; for looking at what a thief would look at."""
        done = self._run("-c", program)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def on(self, data: Path) -> "Machine":
        """The same machine with another folder under it; nothing is started."""
        return Machine(data, self.port, self.process, self.log, variables=self.variables)

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            env=environment(self.data, self.variables),
            capture_output=True,
            text=True,
            check=False,
        )


def environment(data: Path, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a machine with this data folder is told."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    told = {"CIRCLEKEEPER_DATA": str(data), "DJANGO_SETTINGS_MODULE": "circlekeeper.settings"}
    return kept | told | dict(variables or {})


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(data: Path, variables: Mapping[str, str] | None = None) -> Iterator[Machine]:
    """Start, wait until ready, and stop at the end; stopping takes five seconds at most."""
    port = free_port()
    command = [sys.executable, "-m", "circlekeeper", "up", "--data", str(data), "--port", str(port)]
    log = data.with_name(data.name + ".log")
    with log.open("w") as complaints:
        process = subprocess.Popen(
            command, env=environment(data, variables), stdout=subprocess.PIPE, stderr=complaints, text=True
        )
    machine = Machine(data, port, process, log, variables=dict(variables or {}))
    try:
        _wait(machine)
        assert process.stdout is not None
        machine.said = process.stdout.readline()
        yield machine
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=6)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            if process.stdout is not None:
                process.stdout.close()


def _wait(machine: Machine) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        assert machine.process.poll() is None, machine.log.read_text()
        with contextlib.suppress(OSError), urlopen(machine.url + "/healthz", timeout=1) as answer:  # noqa: S310
            if answer.read() == b"ok":
                return
        time.sleep(0.05)
    raise AssertionError("the service did not become ready")
