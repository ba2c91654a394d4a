"""Secret key files: 32 random bytes each, mode 0600, made once and never overwritten."""

import contextlib
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def read_or_make(path: Path) -> bytes:
    """Return the key in this file, making it (and its 0700 folder) if it is not there yet.

    Safe against two processes starting at once: the file appears whole or not at all.

    :raises ValueError: the file does not hold exactly 32 bytes; it is never replaced by a new key.
    """
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"the key file {path.name} is damaged")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    # A hard link fails if the name exists: the first process wins and every other one reads its key.
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
