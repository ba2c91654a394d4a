"""Which file was made last, so that a drill looks at a real one. Beside the data; the log holds no places."""

from pathlib import Path

from django.conf import settings

FILE = "newest-backup"


def _noted() -> Path:
    return Path(settings.DATA_DIR) / FILE


def note(made: Path) -> None:
    """Remember where the newest backup is."""
    _noted().write_text(str(made), encoding="utf-8")
    _noted().chmod(0o600)


def found() -> Path | None:
    """The newest backup made here, if it is still where it was put."""
    try:
        path = Path(_noted().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return path if path.is_file() else None
