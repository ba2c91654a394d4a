"""Builds ``docs/guide-map.md``: where each part of the guide lives in the house, from the rooms' own READMEs and tests.

``python -m tools.guide_map`` writes the file; ``--check`` only says whether it is in step.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TARGET = Path("docs/guide-map.md")
PACKAGE = Path("circlekeeper")
FLOORS = {
    "Areas": PACKAGE / "areas",
    "Connectors": PACKAGE / "connectors",
    "Foundation": PACKAGE / "foundation",
    "Floor two": PACKAGE,
}
# The first letters of the guide's rows, in the guide's order.
PREFIXES = "WHY POL CON TEC REG MOD DAT FMT ACC VEN MEA AIM CRE THR KIT LVL LOW MED HI PRO EXP RET TIP INC CNF FAQ".split()
_ROW = re.compile(rf"\b({'|'.join(PREFIXES)})(\d+)[a-z]?(?:\s?[-–]\s?(?:{'|'.join(PREFIXES)})?(\d+))?\b")
_TEST = re.compile(rf"^\s*(?:async )?def test_({'|'.join(PREFIXES).lower()})(\d+)[a-z]?_", re.MULTILINE)
_INTRO = """\
# Guide map

Where each part of the guide lives. Made by `python -m tools.guide_map` from the first words of each room's README, the guide
rows it names, and the tests named after a row; `make check` fails when this page is out of step.
"""


@dataclass(frozen=True, slots=True)
class Room:
    """One room as the map shows it."""

    path: Path
    heading: str
    promise: str
    rows: tuple[str, ...]
    tested: frozenset[str]


def rows_named(text: str) -> Iterator[str]:
    """Every guide row a text names; ``TEC1-9`` names nine."""
    for prefix, first, last in _ROW.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{prefix}{number}"


def rows_tested(folder: Path) -> frozenset[str]:
    """The rows whose id some test in this folder carries in its name."""
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py"))
    return frozenset(f"{prefix.upper()}{number}" for text in texts for prefix, number in _TEST.findall(text))


def room(folder: Path, root: Path) -> Room:
    """Read one room."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    heading, _, rest = text.strip().partition("\n")
    first = rest.strip().partition("\n\n")[0].replace("\n", " ")
    sentence = re.split(r"(?<=[.?]) ", first.removeprefix("Guide: "))[0]
    tested = rows_tested(folder)
    rows = sorted({*rows_named(text), *tested}, key=_order)
    return Room(folder.relative_to(root), heading.lstrip("# ").strip(), sentence, tuple(rows), tested)


def _order(row: str) -> tuple[int, int]:
    prefix = row.rstrip("0123456789")
    return PREFIXES.index(prefix), int(row.removeprefix(prefix))


def page(root: Path) -> str:
    """The whole map."""
    parts = [_INTRO]
    everything: list[Room] = []
    for floor, folder in FLOORS.items():
        found = [room(path.parent, root) for path in sorted((root / folder).glob("*/README.md"))]
        everything += found
        if found:
            parts.append(
                f"## {floor}\n\n| room | what | guide rows |\n|---|---|---|\n" + "\n".join(map(_line, found))
            )
    parts.append(_by_row(everything, rows_tested(root / "tests")))
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _line(found: Room) -> str:
    return (
        f"| [`{found.path.name}`](../{found.path}/README.md) | {found.promise} | {', '.join(found.rows) or '–'} |"
    )


def _by_row(rooms: list[Room], journeys: frozenset[str]) -> str:
    rows = sorted({row for found in rooms for row in found.rows} | journeys, key=_order)
    lines = ["## From guide row to room", "", "| row | rooms | tests named after it in |", "|---|---|---|"]
    for row in rows:
        names = ", ".join(f"`{found.path.name}`" for found in rooms if row in found.rows)
        tested = [f"`{found.path.name}`" for found in rooms if row in found.tested]
        tested += ["`tests`"] if row in journeys else []
        lines.append(f"| {row} | {names or '–'} | {', '.join(tested) or '–'} |")
    return "\n".join(lines)


def main() -> int:
    """The command line."""
    wanted = page(Path())
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != wanted:
            print(f"{TARGET} is out of step with the rooms: run `make fix`.")
            return 1
        return 0
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
