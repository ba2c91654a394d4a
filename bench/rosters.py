"""W4, the roster: opening every contact of a group, and finding one member by their key. In a process of its own.

Also a whole community of ``--community`` members in groups of a hundred: finding one by key, by name, by a part of a name.
"""

import tempfile
from pathlib import Path

from bench import seed
from bench.options import Options
from bench.report import Row

FERNET_ROWS = 35_900.0
PRETIX_LIST = 118.0


def run(options: Options) -> list[Row]:
    """One group of ``members``, then the community."""
    return [*_one_group(options), *_community(options)]


def _community(options: Options) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="ckbench-") as folder:
        found = seed.make(Path(folder), "community", options.community)
    size = f"{found['members']:,} members, {found['groups']:,} groups"
    opening = found["opening"]
    return [
        Row(
            "W4",
            f"{size}: open every contact",
            opening["count"] / opening["wall"],
            cpu_ms=opening["cpu"] / opening["count"] * 1000,
            errors=found["members"] - opening["count"],
            peer="Fernet fields, rows",
            peer_rate=FERNET_ROWS,
            target="100,000 in ≤ 0.15 s",
            met=opening["wall"] * 100_000 / opening["count"] <= 0.15,
            extra={"wall s": opening["wall"], "seeded in s": found["seeded"]},
        ),
        _lookup(f"{size}: one by key", found["by_key"], "≤ 2 ms CPU", 2),
        _lookup(f"{size}: one by name in a group", found["by_alias"], "≤ 25 ms", 25),
        _lookup(f"{size}: a part of a name in a group", found["search"], "≤ 25 ms", 25),
    ]


def _lookup(what: str, found: dict[str, float], target: str, most: float) -> Row:
    return Row(
        "W4",
        what,
        1 / found["p50"],
        found["p50"] * 1000,
        found["p99"] * 1000,
        cpu_ms=found["cpu"] * 1000,
        errors=int(found["missed"]),
        peer=f"pretix list page, {PRETIX_LIST:.0f} ms CPU",
        target=target,
        met=found["cpu"] * 1000 <= most,
        extra={"queries": found["queries"]},
    )


def _one_group(options: Options) -> list[Row]:
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
