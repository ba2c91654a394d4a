"""Checking the whole log against itself and against everything that was ever signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from circlekeeper.foundation.ledger import anchor, faults, keys, leaf, merkle, note, stored

# The same bytes as leaf.leaf(), put together in the database from the columns, which is quicker than here. concat() and
# not printf(): it takes a text whole, also one with a zero byte smuggled in.
_REBUILT = (
    """concat('{{"action":"', action, '","actor":"', actor, '","detail":',"""
    """ CASE detail_hash WHEN '' THEN 'null' ELSE concat('"', detail_hash, '"') END, ',"seq":', seq,"""
    """ ',"subject":"', subject, '","ts":"', {stamp}, 'Z","v":1}}')"""
)
_AS_STORED = {
    "sqlite": "leaf = CAST(" + _REBUILT.format(stamp="replace(at, ' ', 'T')") + " AS BLOB)",
    "postgresql": "leaf = convert_to("
    + _REBUILT.format(stamp="""to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')""")
    + ", 'UTF8') AND at = date_trunc('second', at)",
}
_DETAILS = (
    "SELECT d.seq, d.salt, d.sealed, e.detail_hash FROM ledger_detail d LEFT JOIN ledger_entry e ON e.seq = d.seq"
    " WHERE d.seq >= %s AND d.seq < %s ORDER BY d.seq LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the log found. ``root`` is hex, empty if the entries do not hold together."""

    ok: bool
    size: int
    root: str
    checkpoint_size: int
    detail: str


def verify() -> Verdict:
    """Recompute every entry, the tree, and every signed checkpoint; name the first thing that is wrong.

    Finds entries changed, removed, added between, reordered or cut off, and checkpoints changed or signed by another
    key. It cannot find what was left out before it was written, nor changes to entries newer than the newest checkpoint
    by someone who rewrote each of their columns.
    """
    signed, unsigned = _signed_states(keys.key())
    newest = max((state.size for state in signed), default=0)
    walk = _Walk(signed)
    found = _first(walk.first_fault(), _detail_fault()) or unsigned
    if found:
        return Verdict(False, _count(), "", newest, found.sentence)
    sentence = _("All %(size)d entries are as they were written.")
    if newest and anchor.read() is None:
        sentence = _(
            "All %(size)d entries are as they were written. "
            "The copy of the newest checkpoint outside the database is missing."
        )
    return Verdict(True, walk.edge.size, walk.edge.root().hex(), newest, sentence % {"size": walk.edge.size})


class _Walk:
    """One pass over the entries that halts at every signed size to compare roots."""

    def __init__(self, signed: list[stored.Signed]) -> None:
        self.edge = merkle.Edge()
        self._due = sorted(signed, key=lambda state: state.size, reverse=True)
        self._sound = 0

    def first_fault(self) -> faults.Fault | None:
        for rows in _entry_pages():
            fault = _page_fault(rows, self.edge.size)
            # Entries before the fault still meet their signatures: an earlier one may have been rewritten whole.
            good = rows if fault is None else rows[: max(fault.number - self.edge.size, 0)]
            fault = self._add([row[3] for row in good]) or fault
            if fault:
                return fault
        return self._compare() or (faults.cut_off(self.edge.size, self._due[0].size) if self._due else None)

    def _add(self, hashes: list[bytes]) -> faults.Fault | None:
        end, fault = self.edge.size + len(hashes), self._compare()
        while fault is None and self._due and self._due[-1].size <= end:
            taken = self._due[-1].size - self.edge.size
            self.edge.extend(hashes[:taken])
            hashes = hashes[taken:]
            fault = self._compare()
        self.edge.extend(hashes)
        return fault

    def _compare(self) -> faults.Fault | None:
        while self._due and self._due[-1].size == self.edge.size:
            state = self._due.pop()
            if state.root != self.edge.root():
                return faults.rewritten(self.edge, state, self._sound)
            self._sound = state.size
        return None


def _signed_states(key: note.Key) -> tuple[list[stored.Signed], faults.Fault | None]:
    """Every state that was signed, and the first statement that this log did not sign."""
    good, wrong = [], None
    for row in stored.checkpoints():
        if stored.opened(row, key):
            good.append(row)
        else:
            wrong = wrong or faults.checkpoint(row.size)
    kept = anchor.read()
    if kept is not None:
        try:
            said = note.read_checkpoint(kept, key)
            # The row in the table also knows the edge, so it can say more about where.
            if not any((row.size, row.root) == (said.size, said.root) for row in good):
                good.append(stored.Signed(said.size, said.root, b"", kept))
        except note.BadNote:
            wrong = wrong or faults.outside_copy()
    return good, wrong


def _entry_pages() -> Iterator[list[tuple[Any, ...]]]:
    sql = (
        f"SELECT seq, {_AS_STORED[connection.vendor]}, leaf, leaf_hash FROM ledger_entry"  # noqa: S608
        " WHERE seq >= %s AND seq < %s ORDER BY seq LIMIT %s"
    )
    return stored.pages(sql)


def _page_fault(rows: list[tuple[Any, ...]], start: int) -> faults.Fault | None:
    numbers, same, leaves, hashes = zip(*rows, strict=True)
    if (
        numbers == tuple(range(start, start + len(rows)))
        and all(same)
        # Inlined merkle.leaf_hash: half the time of a check is spent on this line.
        and [sha256(b"\x00" + said).digest() for said in leaves] == list(hashes)
    ):
        return None
    found = (faults.entry(row, expected) for expected, row in enumerate(rows, start))
    return next(fault for fault in found if fault is not None)


def _detail_fault() -> faults.Fault | None:
    for rows in stored.pages(_DETAILS):
        for seq, salt, sealed, hashed in rows:
            if leaf.detail_hash(bytes(salt), bytes(sealed)) != hashed:
                return faults.detail(seq)
    return None


def _first(*found: faults.Fault | None) -> faults.Fault | None:
    return min((fault for fault in found if fault), key=lambda fault: fault.number, default=None)


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry")
        return int(cursor.fetchone()[0])
