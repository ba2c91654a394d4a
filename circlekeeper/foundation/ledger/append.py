"""Adding to the log. The number of an entry comes from the database, so two writers can never take the same one."""

import secrets
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from circlekeeper.foundation import guard, turns
from circlekeeper.foundation.ledger import leaf, merkle

# Any number will do as long as nothing else locks it.
_LOCK = int.from_bytes(b"ckledger")

_INSERT_ENTRY = (
    "INSERT INTO ledger_entry (seq, at, actor, action, subject, detail_hash, leaf, leaf_hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_INSERT_DETAIL = "INSERT INTO ledger_detail (seq, salt, sealed) VALUES (%s, %s, %s)"

_written: ContextVar[int] = ContextVar("circlekeeper_ledger_written", default=0)


def written() -> int:
    """How many lines this thread or task has recorded so far; only differences mean anything."""
    return _written.get()


def record(*, by: str, about: str, at: datetime, verb: str | None = None, detail: bytes | None = None) -> int:
    """Append one line in the current transaction and return its number, counting from 0.

    ``by`` and ``about`` are opaque ids. ``verb`` defaults to that of the running action. ``detail`` must already be
    sealed; it is kept beside the log under a salted hash and may be deleted later.

    :raises ValueError: an id with characters that could spell a name, a time without a zone, or no verb.
    :raises django.db.transaction.TransactionManagementError: no transaction is open.
    """
    said = _verb_of_the_action() if verb is None else verb
    return record_many([leaf.Line(by, about, at, said, detail)]).start


def record_many(lines: Iterable[leaf.Line]) -> range:
    """Append several lines in the current transaction and return their numbers. Raises as ``record`` does."""
    wanted = list(lines)
    for line in wanted:
        leaf.check(line)
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the log is written inside a transaction only")
    with connection.cursor() as cursor:
        first = next_number(cursor)
        _insert(cursor, first, wanted)
    _written.set(_written.get() + len(wanted))
    return range(first, first + len(wanted))


def append_alone(*, by: str, about: str, at: datetime, verb: str, detail: bytes | None = None) -> int:
    """Append one line in a transaction of its own; it is durable when this returns.

    For looks at sealed data: the line stands before a key is unwrapped, whatever happens after.

    :raises RuntimeError: a transaction is already open, so the line could still be rolled back.
    """
    with guard.outside_action("ledger line of its own"), turns.turn(), transaction.atomic(durable=True):
        return record(by=by, about=about, at=at, verb=verb, detail=detail)


def take_turn() -> None:
    """Wait for whoever else writes to the log, and let others wait until this transaction ends.

    Every action begins with it (``foundation.action``), so that what it reads is still so when it writes, on both databases:
    SQLite transactions here begin IMMEDIATE and so are alone already; PostgreSQL's would run side by side.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def next_number(cursor: Any) -> int:
    """The number the next entry will have. Other writers wait until this transaction ends."""
    if not _verb_of_the_action():
        take_turn()  # a running action has taken it at its very beginning
    # A statement of its own: its snapshot must be taken after the lock is held.
    cursor.execute("SELECT max(seq) FROM ledger_entry")
    last = cursor.fetchone()[0]
    return 0 if last is None else last + 1


def _insert(cursor: Any, first: int, lines: Sequence[leaf.Line]) -> None:
    entries, details = [], []
    for seq, line in enumerate(lines, first):
        hashed = ""
        if line.detail is not None:
            salt = secrets.token_bytes(leaf.SALT_BYTES)
            hashed = leaf.detail_hash(salt, line.detail)
            details.append((seq, salt, line.detail))
        said = leaf.leaf(seq, line, hashed)
        at = connection.ops.adapt_datetimefield_value(leaf.moment(line.at))
        entries.append((seq, at, line.by, line.verb, line.about, hashed, said, merkle.leaf_hash(said)))
    if len(entries) == 1:
        cursor.execute(_INSERT_ENTRY, entries[0])
    elif entries:
        cursor.executemany(_INSERT_ENTRY, entries)
    if details:
        cursor.executemany(_INSERT_DETAIL, details)


def _verb_of_the_action() -> str:
    # Here and not above: the action module imports this one.
    from circlekeeper.foundation import action  # noqa: PLC0415

    return action.current_verb()
