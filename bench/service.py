"""Starts the real service on a folder of its own and reads from /proc what it costs."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
START_LIMIT = 60.0
SETTLE_LIMIT = 20.0
# Seconds of processor time in one second.
CALM = 0.1


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes over a whole process tree."""

    pss: float
    rss: float
    processes: int


@dataclass(frozen=True, slots=True)
class Service:
    """A running ``circlekeeper up``. ``sentence`` is what it printed; ``ready`` the seconds until ``/healthz`` said ok."""

    pid: int
    port: int
    folder: Path
    ready: float
    sentence: str

    def cpu(self) -> float:
        """Seconds of processor time of all its processes so far."""
        return sum(_cpu(pid) for pid in tree(self.pid))

    def memory(self) -> Memory:
        """What its processes hold now."""
        pids = tree(self.pid)
        found = [_memory(pid) for pid in pids]
        return Memory(sum(pss for pss, _ in found) / 1024, sum(rss for _, rss in found) / 1024, len(pids))


def tree(pid: int) -> list[int]:
    """A process and everything it started."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
    return found


def _cpu(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def _memory(pid: int) -> tuple[int, int]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return sizes["Pss"], sizes["Rss"]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(folder: Path | None = None, *, variables: dict[str, str] | None = None) -> Iterator[Service]:
    """A service on ``folder`` (a new one by default), stopped at the end.

    :raises RuntimeError: it did not become ready.
    """
    with contextlib.ExitStack() as rest:
        where = folder or Path(rest.enter_context(tempfile.TemporaryDirectory(prefix="ckbench-")))
        port = free_port()
        command = [sys.executable, "-m", "circlekeeper", "up", "--data", str(where), "--port", str(port)]
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(variables or {})}
        )
        try:
            ready = _wait(process, port, began)
            assert process.stdout is not None
            service = Service(process.pid, port, where, ready, process.stdout.readline().strip())
            _settle(service)
            yield service
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
            assert process.stdout is not None
            process.stdout.close()


def _wait(process: subprocess.Popen[str], port: int, began: float) -> float:
    while process.poll() is None and time.perf_counter() - began < START_LIMIT:
        if _healthy(port):
            return time.perf_counter() - began
        time.sleep(0.01)
    raise RuntimeError("the service did not become ready")


def _settle(service: Service) -> None:
    """Wait until the worker has done what falls due at a first start: a backup, a look whether it opens, and the like."""
    until = time.perf_counter() + SETTLE_LIMIT
    before = service.cpu()
    while time.perf_counter() < until:
        time.sleep(1)
        now = service.cpu()
        # A child that ended takes its share out of the sum, so the difference may be negative: not calm either.
        if 0 <= now - before < CALM:
            return
        before = now


def _healthy(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5) as probe:
        probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return probe.recv(64).startswith(b"HTTP/1.1 200")
    return False
