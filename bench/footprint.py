"""W10: memory of all processes and time until ready; peers in megabytes of RSS and seconds."""

import statistics
import tempfile
import time
from pathlib import Path

from bench import service
from bench.options import Options
from bench.report import Row

PSS_TARGET, READY_TARGET = 150.0, 3.0
SETTLE_SECONDS = 2.0
PEERS: dict[str, float | str] = {
    "peer RSS (pretix)": 535.0,
    "peer RSS (Hush Line)": 361.0,
    "peer RSS (GlobaLeaks)": 130.0,
}


def run(options: Options) -> list[Row]:
    """First start (databases are made), then starts on the same folder; memory when idle."""
    with tempfile.TemporaryDirectory(prefix="ckbench-") as name:
        folder = Path(name)
        starts: list[float] = []
        memory: list[service.Memory] = []
        for _ in range(options.rounds + 1):
            with service.running(folder) as running:
                time.sleep(SETTLE_SECONDS)
                starts.append(running.ready)
                memory.append(running.memory())
    pss = statistics.median(each.pss for each in memory)
    rss = statistics.median(each.rss for each in memory)
    later = statistics.median(starts[1:])
    sizes: dict[str, float | str] = {"PSS MB": pss, "RSS MB": rss, "processes": float(memory[-1].processes)}
    return [
        Row("W10", "idle memory", target=f"PSS ≤ {PSS_TARGET:.0f} MB", met=pss <= PSS_TARGET, extra=sizes | PEERS),
        _start("first start, makes the databases", starts[0], "peers 88 s CPU (pretix), 3.7 s CPU (Hush Line)"),
        _start("start until ready", later, "peers 9.6 s (pretix), 2.9 s (Hush Line), 5.4 s (GlobaLeaks)"),
    ]


def _start(operation: str, seconds: float, peer: str) -> Row:
    target = f"≤ {READY_TARGET:.0f} s"
    return Row("W10", operation, peer=peer, target=target, met=seconds <= READY_TARGET, extra={"s": seconds})
