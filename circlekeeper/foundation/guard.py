"""The write guard: no row changes outside an action.

A database wrapper on every connection refuses INSERT, UPDATE, DELETE and REPLACE unless an action is running
(`foundation/action.py`), the table belongs to a framework that keeps its own books, or the code says by name why it
writes outside one (`outside_action`).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from circlekeeper.foundation import memo

_WRITE = re.compile(
    r'^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE(?:\s+TABLE)?)\s+[`"]?(\w+)',
    re.IGNORECASE,
)

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
    match = _WRITE.match(sql)
    if match:
        table = match.group(1).lower()
        if not _reason.get() and not _keeps_its_own_books(table):
            raise UnguardedWrite(match.group(1))
        memo.written(table)
    return execute(sql, params, many, context)


def _keeps_its_own_books(table: str) -> bool:
    return table in FRAMEWORK_TABLES or table.startswith(_REMAKING)


def install(**signal: Any) -> None:
    """Receiver of ``connection_created``: put the guard on a new connection."""
    wrappers = signal["connection"].execute_wrappers
    if refuse_unguarded not in wrappers:
        wrappers.append(refuse_unguarded)
