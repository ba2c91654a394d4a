"""W4, the roster: opening every contact of a group, and finding one member by their key. In a process of its own."""

import tempfile
from pathlib import Path

from bench import seed
from bench.options import Options
from bench.report import Row

FERNET_ROWS = 35_900.0
PRETIX_LIST = 118.0


def run(options: Options) -> list[Row]:
    """The figures are per record; the whole of 100,000 is worked out from them and said so."""
    with tempfile.TemporaryDirectory(prefix="ckbench-") as folder:
        found = seed.make(Path(folder), "roster", options.members)
    opening, lookup = found["opening"], found["lookup"]
    rate = opening["count"] / opening["wall"]
    whole = 100_000 / rate
    return [
        Row(
            "W4",
            f"open {opening['count']:,} sealed contacts, one log line",
            rate,
            cpu_ms=opening["cpu"] / opening["count"] * 1000,
            errors=options.members - opening["count"],
            peer="Fernet fields, rows",
            peer_rate=FERNET_ROWS,
            target="100,000 in ≤ 0.15 s",
            met=whole <= 0.15,
            extra={"100,000 at this rate s": whole},
        ),
        Row(
            "W4",
            "find one member by their key",
            1 / lookup["p50"],
            lookup["p50"] * 1000,
            lookup["p99"] * 1000,
            cpu_ms=lookup["cpu"] * 1000,
            peer=f"pretix list page, {PRETIX_LIST:.0f} ms CPU",
            target="≤ 2 ms CPU",
            met=lookup["cpu"] * 1000 <= 2,
        ),
    ]
