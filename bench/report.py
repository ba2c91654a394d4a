"""One row per measured thing; a table for people, JSON for machines."""

import json
import platform
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. ``rate`` is per second; ``cpu_ms`` per operation; ``extra`` what has no column of its own.

    ``peer`` and ``peer_rate`` name the fair peer operation and its rate; ``target`` says what was aimed at.
    """

    workload: str
    operation: str
    rate: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    errors: int = 0
    cpu_ms: float | None = None
    peer: str = ""
    peer_rate: float | None = None
    target: str = ""
    met: bool | None = None
    extra: dict[str, float | str] = field(default_factory=dict)


COLUMNS = ("", "operation", "per s", "p50 ms", "p99 ms", "errors", "CPU ms", "peer", "times peer", "target", "met")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _cells(row: Row) -> tuple[str, ...]:
    times = row.rate / row.peer_rate if row.rate and row.peer_rate else None
    extra = "".join(
        f"; {name} {_number(value) if isinstance(value, float) else value}" for name, value in row.extra.items()
    )
    peer = f"{row.peer} {_number(row.peer_rate)}/s" if row.peer_rate else row.peer
    met = "–" if row.met is None else ("yes" if row.met else "NO")
    shown = map(_number, (row.rate, row.p50_ms, row.p99_ms))
    return (
        row.workload, row.operation + extra, *shown, str(row.errors), _number(row.cpu_ms), peer or "–",
        _number(times), row.target or "–", met,
    )  # fmt: skip


def table(rows: Iterable[Row]) -> str:
    """The rows as aligned text."""
    cells = [COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def write(rows: Iterable[Row], folder: Path) -> Path:
    """The rows as JSON, with what one must know about the machine; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    load = Path("/proc/loadavg").read_text().split()[:3]
    machine = {
        "python": platform.python_version(),
        "processor": platform.machine(),
        "load_average": [float(each) for each in load],
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    path = folder / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.json"
    path.write_text(json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}, indent=2) + "\n")
    return path
