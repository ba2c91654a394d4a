"""W7: the unbroken thread. Appending to the log with real durability, and verifying all of it, in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.options import Options
from bench.report import Row

GROUP = 100
AUDITLOG, PGHISTORY = 610.0, 1464.0


def run(options: Options) -> list[Row]:
    """Runs ``bench.thread`` as a program on a throw-away data folder and turns what it prints into rows."""
    with tempfile.TemporaryDirectory(prefix="ckbench-") as folder:
        settings = {"CIRCLEKEEPER_DATA": folder, "DJANGO_SETTINGS_MODULE": "circlekeeper.settings"}
        command = [sys.executable, "-m", "bench.thread", str(options.seconds), str(options.entries)]
        said = subprocess.run(
            command, env={**os.environ, **settings}, stdout=subprocess.PIPE, check=True, text=True
        )
    found = json.loads(said.stdout)
    single, grouped, verify = found["single"], found["grouped"], found["verify"]
    return [
        Row(
            "W7", "append, one durable commit each", single["rate"], single["p50"], single["p99"], cpu_ms=single["cpu"],
            peer="django-auditlog save()", peer_rate=AUDITLOG, target="≥ 4,000/s", met=single["rate"] >= 4000,
            extra={"times pghistory": single["rate"] / PGHISTORY},
        ),
        Row(
            "W7", f"append, {GROUP} per durable commit", grouped["rate"], cpu_ms=grouped["cpu"],
            target="≥ 50,000/s", met=grouped["rate"] >= 50_000,
        ),
        Row(
            "W7", f"verify {found['size']:,} entries", found["size"] / verify["wall"], cpu_ms=verify["cpu"],
            errors=0 if verify["ok"] else 1, target="1,000,000 in ≤ 1.5 s",
            met=verify["wall"] / found["size"] * 1_000_000 <= 1.5, extra={"s": verify["wall"]},
        ),
        Row("W7", "floor: one durable row of that size each", found["floor"]["rate"], cpu_ms=found["floor"]["cpu"]),
    ]  # fmt: skip


def _repeat(work: Callable[[], int], seconds: float) -> dict[str, float]:
    taken: list[float] = []
    done, cpu, began = 0, time.process_time(), time.perf_counter()
    while (start := time.perf_counter()) - began < seconds:
        done += work()
        taken.append(time.perf_counter() - start)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    taken.sort()
    return {
        "rate": done / wall,
        "cpu": cpu / done * 1000,
        "p50": taken[len(taken) // 2] * 1000,
        "p99": taken[int(len(taken) * 0.99)] * 1000,
    }


def _measure(seconds: float, entries: int) -> dict[str, object]:
    from django.db import transaction

    from circlekeeper.foundation import clock, guard, ledger
    from circlekeeper.foundation.ids import new_id
    from circlekeeper.foundation.ledger import queries

    now, who, about = clock.now(), new_id(), [new_id() for _ in range(256)]

    def single() -> int:
        ledger.append_alone(by=who, about=about[0], at=now, verb="bench.entry.append")
        return 1

    def many(count: int) -> int:
        with guard.outside_action("benchmark"), transaction.atomic(durable=True):
            ledger.record_many(
                ledger.Line(who, about[at % 256], now, "bench.entry.append", None) for at in range(count)
            )
        return count

    one = _repeat(single, seconds)
    grouped = _repeat(lambda: many(GROUP), seconds)
    floor = _repeat(_floor_row(Path(os.environ["CIRCLEKEEPER_DATA"])), seconds)
    while queries.size() < entries:
        many(min(10_000, entries - queries.size()))
    ledger.make_checkpoint(now=now)
    began, cpu = time.perf_counter(), time.process_time()
    verdict = ledger.verify()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    size = verdict.size
    verify = {"wall": wall, "cpu": cpu / size * 1000, "ok": verdict.ok}
    return {"single": one, "grouped": grouped, "floor": floor, "verify": verify, "size": size}


def _floor_row(folder: Path) -> Callable[[], int]:
    """A bare table in the same SQLite with the same durability: what the disk and the library allow."""
    import sqlite3

    database = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE floor (a INTEGER, b BLOB);"
    )

    def row() -> int:
        database.execute("INSERT INTO floor VALUES (1, zeroblob(280))")
        return 1

    return row


def main() -> None:
    """The measured process."""
    import django

    django.setup()
    from circlekeeper.serving import prepare

    prepare.databases(Path(os.environ["CIRCLEKEEPER_DATA"]))
    json.dump(_measure(float(sys.argv[1]), int(sys.argv[2])), sys.stdout)


if __name__ == "__main__":
    main()
