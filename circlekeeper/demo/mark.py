"""The file that says that everything in a data folder is invented. Settings read it too, so it loads nothing."""

from pathlib import Path

NAME = "this-is-a-demo"
_HEAD = "circlekeeper demo\n"
_SAYS = "Everything in this folder is invented. “circlekeeper demo --wipe” removes it.\n"
_WHOLE = "loaded\n"


def is_on(folder: Path) -> bool:
    """Whether this data folder is a demo's."""
    try:
        return (folder / NAME).read_text(encoding="utf-8").startswith(_HEAD)
    except (OSError, UnicodeDecodeError):
        return False


def is_whole(folder: Path) -> bool:
    """Whether the community in it was loaded to the end."""
    return is_on(folder) and (folder / NAME).read_text(encoding="utf-8").endswith(_WHOLE)


def put(folder: Path) -> None:
    """Mark a folder, before anything is loaded into it."""
    (folder / NAME).write_text(_HEAD + _SAYS, encoding="utf-8")


def finish(folder: Path) -> None:
    """Note that everything is loaded."""
    (folder / NAME).write_text(_HEAD + _SAYS + _WHOLE, encoding="utf-8")
