"""``python -m bench``: runs the workloads, prints the table, writes the JSON."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bench import burst, floors, footprint, report, rosters, signup, thread
from bench.options import Options

DEFAULTS = Options()

# In the order in which they run. A workload is here once its rooms exist.
WORKLOADS: dict[str, Callable[[Options], list[report.Row]]] = {
    "floor": floors.run,
    "W1": burst.run,
    "W2": signup.run,
    "W4": rosters.run,
    "W7": thread.run,
    "W10": footprint.run,
}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench", description="Benchmarks of the running service.")
    parser.add_argument("--only", default=",".join(WORKLOADS), help=f"some of {', '.join(WORKLOADS)}")
    parser.add_argument("--seconds", type=float, default=DEFAULTS.seconds, help="per measured window")
    parser.add_argument(
        "--rounds", type=int, default=DEFAULTS.rounds, help="of each measurement; the median counts"
    )
    parser.add_argument("--entries", type=int, default=DEFAULTS.entries, help="of the log to verify (W7)")
    parser.add_argument("--members", type=int, default=DEFAULTS.members, help="of the roster to open (W4)")
    parser.add_argument("--community", type=int, default=DEFAULTS.community, help="members in all groups (W4)")
    parser.add_argument("--results", type=Path, default=Path("bench/results"), help="folder for the JSON")
    args = parser.parse_args()
    wanted = args.only.split(",")
    if unknown := [name for name in wanted if name not in WORKLOADS]:
        parser.error(f"no such workload: {', '.join(unknown)}")
    options = Options(
        seconds=args.seconds,
        rounds=args.rounds,
        entries=args.entries,
        members=args.members,
        community=args.community,
    )
    rows: list[report.Row] = []
    for name in wanted:
        print(f"{name} ...", file=sys.stderr)
        rows += WORKLOADS[name](options)
    print(report.table(rows))
    print(report.write(rows, args.results), file=sys.stderr)
    return 1 if any(row.errors for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
