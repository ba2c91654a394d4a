"""Runs every check. One that breaks is a finding of its own, never an error."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """How one check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``mend`` is a command to run; empty when all is well."""

    id: str
    state: State
    words: str
    mend: str = ""

    def document(self) -> dict[str, str]:
        """As the JSON of the contract: id, state, detail."""
        detail = f"{self.words} To mend it: {self.mend}" if self.mend else self.words
        return {"id": self.id, "state": str(self.state), "detail": detail}


def ok(name: str, words: str) -> Check:
    """All is well."""
    return Check(name, State.OK, words)


def warn(name: str, words: str, mend: str) -> Check:
    """It works, but somebody should look."""
    return Check(name, State.WARN, words, mend)


def fail(name: str, words: str, mend: str) -> Check:
    """It does not work, or is not safe."""
    return Check(name, State.FAIL, words, mend)


def examine(folder: Path) -> list[Check]:
    """Every check, in the order in which they should be mended."""
    from circlekeeper.cli.doctor import keeping, machine

    found: list[Check] = []
    for name, check in {**machine.CHECKS, **keeping.CHECKS}.items():
        found += _run(name, check, folder)
    return found


def _run(name: str, check: Callable[[Path], list[Check]], folder: Path) -> list[Check]:
    try:
        return check(folder)
    except Exception as broken:
        words = f"This could not be looked at ({type(broken).__name__})."
        return [fail(name, words, "circlekeeper up")]
