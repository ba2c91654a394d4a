"""Log lines that help whoever keeps the machine running and tell nothing about anyone.

A line holds the time, the level, the logger, and for our own loggers the fixed text of the message with numbers only.
Errors show their class and the place in the code, never their text: an exception's words often quote what was typed.
"""

import logging
import logging.config
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

OURS = "circlekeeper"
_HIDDEN = "…"


def where(trace: TracebackType | None) -> str:
    """The innermost frame of our own code in a traceback (else the innermost of all), as ``module:line``."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if f"{OURS}/" in frame.filename]
    return _place(own[-1] if own else frames[-1]) if frames else "unknown place"


def _place(frame: traceback.FrameSummary) -> str:
    parts = Path(frame.filename).with_suffix("").parts
    start = next((at for at, part in enumerate(parts) if part in {OURS, "site-packages"}), len(parts) - 1)
    kept = parts[start + (parts[start] == "site-packages") :]
    return f"{'.'.join(kept)}:{frame.lineno}"


def describe(error: BaseException) -> str:
    """An exception and its causes as classes and places, for example ``ValueError at circlekeeper.areas.x:3``."""
    said: list[str] = []
    current: BaseException | None = error
    while current is not None and len(said) < 5:
        said.append(f"{type(current).__module__}.{type(current).__qualname__} at {where(current.__traceback__)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return " from ".join(said).replace("builtins.", "")


def _number_or_hidden(value: object) -> object:
    return value if isinstance(value, int | float) else _HIDDEN


class PlainFormatter(logging.Formatter):
    """See the module's text."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for one record."""
        time = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        parts = [time, record.levelname.lower(), record.name, self._text(record)]
        if record.exc_info and record.exc_info[1]:
            parts.append(describe(record.exc_info[1]))
        return " ".join(part for part in parts if part)

    def _text(self, record: logging.LogRecord) -> str:
        if record.name.partition(".")[0] != OURS:
            return f"at {record.module}:{record.lineno}"
        if isinstance(record.args, dict):
            return str(record.msg) % {name: _number_or_hidden(value) for name, value in record.args.items()}
        try:
            return str(record.msg) % tuple(_number_or_hidden(value) for value in record.args or ())
        except TypeError:
            return str(record.msg).partition("%")[0]


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": PlainFormatter}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own set-up would mail and print; a page that was not found is no event.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "_granian": {"level": "ERROR"},
    },
}


def _log_uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None, *, thread: str = ""
) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt):
        return
    error.__traceback__ = trace or error.__traceback__
    logging.getLogger(OURS).critical("stopped by an error" if not thread else "a thread stopped", exc_info=error)


def begin() -> None:
    """Log like this from now on, and send errors nobody caught through the formatter instead of printing their text."""
    logging.config.dictConfig(LOGGING)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(
        args.exc_type, args.exc_value, args.exc_traceback, thread="thread"
    )
    sys.unraisablehook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
