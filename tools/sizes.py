"""The size budget: no file over 400 lines, no function over 60. ``python -m tools.sizes`` lists what is over."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LIMIT, FUNCTION_LIMIT = 400, 60
PLACES = ("circlekeeper", "tools", "bench", "tests")
CODE = {".py", ".html", ".css", ".js", ".sh", ".typ"}
NOT_WRITTEN_HERE = {"migrations", "__pycache__", "vendored"}


def too_long(path: Path) -> Iterator[str]:
    """What in this file is over the budget, one line each."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > FILE_LIMIT:
        yield f"{path}: {lines} lines (limit {FILE_LIMIT})"
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LIMIT:
                    yield f"{path}:{node.lineno}: {node.name} has {length} lines (limit {FUNCTION_LIMIT})"


def files(root: Path) -> Iterator[Path]:
    """Every file that somebody here wrote as code."""
    for place in PLACES:
        for path in sorted((root / place).rglob("*")):
            if path.suffix in CODE and NOT_WRITTEN_HERE.isdisjoint(path.parts):
                yield path


def main() -> int:
    """The command line."""
    found = [line for path in files(Path()) for line in too_long(path)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
