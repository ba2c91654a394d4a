"""The one-time code with which the first account is made. It lives in a file of the data folder until then."""

import contextlib
import hmac
import os
from pathlib import Path

from django.conf import settings

from circlekeeper.foundation.accounts import rules
from circlekeeper.foundation.accounts.models import Person

FILE_NAME = "setup-code"


def current() -> str | None:
    """The code to type on the first visit, or None once an account exists."""
    file = _file()
    if Person.objects.exists():
        file.unlink(missing_ok=True)
        return None
    if not file.exists():
        _make(file)
    return file.read_text(encoding="ascii").strip()


def matches(typed: str) -> bool:
    """Whether this is the code; always False once an account exists. Compared in constant time."""
    code = current()
    if code is None:
        return False
    return hmac.compare_digest(rules.tidy_code(code).encode(), rules.tidy_code(typed).encode())


def _file() -> Path:
    return Path(settings.DATA_DIR) / FILE_NAME


def _make(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{FILE_NAME}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, rules.new_code(groups=4, size=4).encode("ascii"))
    finally:
        os.close(handle)
    # A hard link fails if the name exists: of two processes that start at once, both show the first one's code.
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
