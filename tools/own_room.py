"""An import contract: a room may use another room's actions, queries, rules and events, and nothing else of it.

The roof alone (wiring, urls) may import pages, checks and jobs. Tests may use another room's factories.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

AREAS = "circlekeeper.areas."
OPEN_TO_OTHERS = frozenset(
    {"actions", "queries", "rules", "events", "evidence", "provider", "errors", "sources", "ownpage"}
)
OPEN_TO_ROOF = frozenset({"pages", "urls", "checks", "jobs", "commands", "registry"}) | OPEN_TO_OTHERS
ROOF = ("circlekeeper.wiring", "circlekeeper.urls", "circlekeeper.roof")
FLOOR_TWO_OPEN = frozenset({"commands"}) | OPEN_TO_OTHERS


def allowed(*, importer: str, imported: str) -> bool:
    """Whether the first module may import the second; both are full dotted names."""
    room, part = _room_and_part(imported)
    if not room or importer.startswith(f"{AREAS}{room}.") or importer == f"{AREAS}{room}":
        return True
    if not part:
        return True
    if ".tests" in importer or part == "tests":
        return ".tests" in importer
    if importer.startswith(ROOF):
        return part in OPEN_TO_ROOF
    if importer.startswith(AREAS) or importer.startswith("circlekeeper.connectors."):
        return part in OPEN_TO_OTHERS
    return part in FLOOR_TWO_OPEN


def _room_and_part(module: str) -> tuple[str, str]:
    if not module.startswith(AREAS):
        return "", ""
    room, _, rest = module.removeprefix(AREAS).partition(".")
    return room, rest.partition(".")[0]


class OwnRoom(Contract):
    """Checks every direct import in the package against ``allowed``."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Walk the imports of every room and list those that reach into another."""
        del verbose
        wrong = [
            (importer, imported)
            for imported in sorted(graph.modules)
            if imported.startswith(AREAS)
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if not allowed(importer=importer, imported=imported)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each import that has to go."""
        wrong: list[tuple[str, str]] = check.metadata["wrong"]
        for importer, imported in wrong:
            output.print_error(f"{importer} may not import {imported}", bold=False)
