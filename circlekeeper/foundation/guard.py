"""The write guard: no row changes outside an action.

A database wrapper on every connection refuses whatever changes rows (INSERT, UPDATE, DELETE, REPLACE, MERGE, TRUNCATE, COPY,
DROP TABLE, also behind a comment, in a WITH, after a semicolon, with a schema's name) unless an action is running
(`foundation/action.py`), the table belongs to a framework that keeps its own books, or the code says by name why it
writes outside one (`outside_action`). It is there against mistakes; who writes SQL to get past it, will.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from circlekeeper.foundation import memo

# Comments and texts: what stands in them is no statement.
_MUTE = re.compile(
    r"""--[^\n]*|/\*.*?\*/|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$""", re.DOTALL
)
_MUTE_MARKS = ("'", "--", "/*", "$")
_ONLY = r"(?:\s+ONLY)?"
_WRITE = re.compile(
    r"(?:^|[;()]|\bPREPARE\s+\w+(?:\s*\([^)]*\))?\s+AS|\bEXPLAIN(?:\s+ANALYZE)?(?:\s+VERBOSE)?|\bQUERY\s+PLAN)\s*"
    r"(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE(?:\s+OR\s+\w+)?"
    + _ONLY
    + r"|DELETE\s+FROM"
    + _ONLY
    + r"|REPLACE\s+INTO|MERGE\s+INTO"
    + _ONLY
    + r"|TRUNCATE(?:\s+TABLE)?"
    + _ONLY
    + r"|COPY|DROP\s+TABLE(?:\s+IF\s+EXISTS)?)"
    r"""(?:\s+|(?=["`\[]))(?:(?:"[^"]+"|`[^`]+`|\[[^\]]+\]|\w+)\s*\.\s*)?["`\[]?(\w+)""",
    re.IGNORECASE,
)
# The way Django's own queries are written; quick, because nearly every write comes this way.
_PLAIN = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)" ')
# What a procedure does cannot be seen from outside.
_PROCEDURE = re.compile(r"(?:^|;)\s*(DO|CALL)\b", re.IGNORECASE)

# Tables of Django and allauth: sign-in state and bookkeeping, no group data. Each has its own tests in accounts.
FRAMEWORK_TABLES = frozenset(
    {
        "django_migrations",
        "django_session",
        "django_content_type",
        "auth_permission",
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
        "circlekeeper_cache",
    }
)

# SQLite changes a table's shape by filling a new one (Django's schema editor, in migrations only).
_REMAKING = "new__"

_reason: ContextVar[str] = ContextVar("circlekeeper_write_reason", default="")


class UnguardedWrite(Exception):
    """Code tried to change a table outside an action. The text names the table only."""


@contextmanager
def outside_action(reason: str) -> Iterator[None]:
    """Allow writes in this block without a ledger line; ``reason`` says why, for whoever reads the code."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


def refuse_unguarded(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Django execute wrapper; see the module's text."""
    for table in written_tables(sql):
        if not _reason.get() and not _keeps_its_own_books(table):
            raise UnguardedWrite(table)
        memo.written(table)
    return execute(sql, params, many, context)


def written_tables(sql: str) -> list[str]:
    """The tables whose rows this SQL changes, in small letters; for a procedure, the word that runs it."""
    text = str(sql)
    # Most statements, and none of them writes: both databases allow a writing WITH at the very beginning only.
    if ";" not in text:
        if text.startswith("SELECT"):
            return []
        plain = _PLAIN.match(text)
        if plain and "WITH" not in text.upper():
            return [plain.group(1).lower()]
    if any(mark in text for mark in _MUTE_MARKS):
        text = _MUTE.sub(" ", text)
    text = text.strip()
    return [found.lower() for found in (*_WRITE.findall(text), *_PROCEDURE.findall(text))]


def _keeps_its_own_books(table: str) -> bool:
    return table in FRAMEWORK_TABLES or table.startswith(_REMAKING)


def install(**signal: Any) -> None:
    """Receiver of ``connection_created``: put the guard on a new connection."""
    wrappers = signal["connection"].execute_wrappers
    if refuse_unguarded not in wrappers:
        wrappers.append(refuse_unguarded)
