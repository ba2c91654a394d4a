"""The newest checkpoint in a file beside the database, so that a database put back to an older day is noticed."""

import os
import secrets
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Where checkpoints are kept: ``DATA_DIR/checkpoints``."""
    return Path(settings.DATA_DIR) / "checkpoints"


def latest() -> Path:
    """The file that holds the newest checkpoint."""
    return folder() / "latest.txt"


def read() -> str | None:
    """The signed note in the file, or None if there is no file. Unreadable bytes come back as an unsigned note."""
    try:
        return latest().read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None


def write(note: str) -> None:
    """Replace the file; it holds the old note or the new one, also after a power cut."""
    place = latest()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
    with draft.open("x", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
    handle = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def set_aside(size: int) -> None:
    """Keep the present file under a name that says which size it vouched for; it is evidence, not rubbish."""
    if latest().exists():
        latest().replace(latest().with_name(f"before-restore-{size}-{secrets.token_hex(4)}.txt"))
