"""What one run of the benchmarks was asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """``seconds`` per measured window, ``rounds`` of each (the median counts), ``entries`` of the log to verify,
    ``members`` of the roster to open, ``community``: members in all groups together."""

    seconds: float = 4.0
    rounds: int = 3
    entries: int = 100_000
    connections: int = 16
    members: int = 2_000
    community: int = 100_000
