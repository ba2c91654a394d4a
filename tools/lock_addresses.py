"""``uv.lock`` may name the public package index and its file host, and nothing else: no mirror, no path, no machine."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

INDEX = "https://pypi.org/simple"
FILES = "https://files.pythonhosted.org/packages/"
OURSELVES = {"editable": "."}


def foreign(lock: dict[str, Any]) -> Iterator[str]:
    """Every address in a lock file that is not the public index's, as one line each."""
    for package in lock.get("package", []):
        name, source = package.get("name", "?"), package.get("source", {})
        if source not in ({"registry": INDEX}, OURSELVES):
            yield f"{name}: comes from {source}"
        for file in [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]:
            if not str(file.get("url", "")).startswith(FILES):
                yield f"{name}: a file from {file.get('url') or file}"


def main() -> int:
    """The command line."""
    found = list(foreign(tomllib.loads(Path("uv.lock").read_text(encoding="utf-8"))))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
