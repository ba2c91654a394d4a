"""The key pair of backups: an ordinary age identity in a file of its own, so that age's own program opens them too."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from pyrage import IdentityError, RecipientError, x25519

from circlekeeper.foundation.backup import faults

FILE = "backup.key"
_MARK = "AGE-SECRET-KEY-"
_HEAD = "# Opens every backup of this machine. Keep a printed copy somewhere else.\n"


@dataclass(frozen=True, slots=True)
class Ours:
    """This machine's pair. ``fresh``: it was made just now, so it has to be shown once."""

    identity: x25519.Identity = field(repr=False)
    fresh: bool

    @property
    def recipient(self) -> str:
        """The public half; whoever has it can close a backup and not open one."""
        return str(self.identity.to_public())


def path() -> Path:
    """Where this machine keeps it."""
    return Path(settings.DATA_DIR) / "keys" / FILE


def read_or_make() -> Ours:
    """This machine's pair, made at first use and never overwritten.

    :raises BackupFailed: the file is damaged.
    """
    fresh = False
    if not path().exists():
        fresh = _make()
    return Ours(parse(path().read_text(encoding="utf-8", errors="replace")), fresh)


def parse(text: str) -> x25519.Identity:
    """The identity in a file or on a line; comments as in age's own key files.

    :raises BackupFailed: there is none.
    """
    lines = (line.strip() for line in text.splitlines())
    found = next((line for line in lines if line.upper().startswith(_MARK)), None)
    if found is None:
        raise faults.not_a_key()
    try:
        return x25519.Identity.from_str(found)
    except IdentityError:
        raise faults.not_a_key() from None


def recipient(text: str) -> x25519.Recipient:
    """A further public key to close backups for (``age1…``).

    :raises BackupFailed: it is none.
    """
    try:
        return x25519.Recipient.from_str(text.strip())
    except RecipientError:
        raise faults.not_a_key() from None


def _make() -> bool:
    """Write a new key; False if another process was first."""
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path().with_name(f".{FILE}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_HEAD + str(x25519.Identity.generate()) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # As in foundation.keyfile: a hard link fails if the name exists, so the first process wins.
        os.link(draft, path())
        return True
    except FileExistsError:
        return False
    finally:
        draft.unlink()
