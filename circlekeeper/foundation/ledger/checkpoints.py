"""Signing what the log is, and noticing when the database has gone back to an older day."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from circlekeeper.foundation import guard
from circlekeeper.foundation.ledger import anchor, append, keys, merkle, note, stored

_LEAVES = "SELECT seq, leaf, leaf_hash FROM ledger_entry WHERE seq >= %s AND seq < %s ORDER BY seq LIMIT %s"


class LogDamaged(Exception):
    """The log is not what was signed before, so nothing new is signed. The text is one plain sentence."""


def make_checkpoint(now: datetime) -> note.Checkpoint:
    """Sign the log as it stands and keep a copy outside the database; costs only the entries since the last one.

    Call it hourly, at every break-glass and at shutdown, never inside a transaction.

    :raises LogDamaged: the log does not go on from what was signed before; see ``verify`` for where.
    :raises RuntimeError: a transaction is open.
    """
    key = keys.key()
    with guard.outside_action("ledger checkpoint"), transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            size = append.next_number(cursor)
        _refuse(rolled_back())
        newest = stored.newest_checkpoint()
        edge = _edge_to_go_on_from(newest, key)
        if newest is None or size != newest.size:
            _extend(edge, size)
            newest = _sign(edge, key, now)
        # Inside the transaction, so that on every machine an older file never replaces a newer one. The entries it
        # vouches for are committed already.
        if anchor.read() != newest.note:
            anchor.write(newest.note)
    return note.Checkpoint(key.name, newest.size, newest.root)


def rolled_back() -> str | None:
    """A plain sentence if the database is older than the checkpoint kept outside it, or is another history; else None.

    For start-up: on a sentence, stay closed until the restore has been reconciled (``continue_after_restore``).
    """
    kept = anchor.read()
    if kept is None:
        return None
    try:
        said = note.read_checkpoint(kept, keys.key())
    except note.BadNote:
        return _("The checkpoint kept outside the database was changed or belongs to another installation.")
    size = stored.size()
    if size < said.size:
        return _(
            "The database is older than this installation: its log has %(size)d entries, "
            "but %(signed)d were signed before."
        ) % {"size": size, "signed": said.size}
    if _root_at(said.size) != said.root:
        return _(
            "The log in the database is not the one this installation signed: the first %(signed)d entries differ."
        ) % {"signed": said.size}
    return None


def continue_after_restore(*, by: str, about: str, now: datetime) -> note.Checkpoint:
    """After a restore was reconciled: set the old checkpoint aside, say so in the log, and sign from here on.

    ``about`` is the opaque id of the restore. The old file stays beside the new one as evidence.

    :raises LogDamaged: what was restored does not fit its own checkpoints.
    """
    kept = anchor.read()
    if kept is not None:
        anchor.set_aside(_claimed_size(kept))
    append.append_alone(by=by, about=about, at=now, verb="ledger.log.restore")
    return make_checkpoint(now)


def _edge_to_go_on_from(newest: stored.Signed | None, key: note.Key) -> merkle.Edge:
    if newest is None:
        return merkle.Edge()
    edge = stored.edge_of(newest)
    if edge is None or stored.opened(newest, key) is None:
        raise LogDamaged(
            _("The checkpoint at %(signed)d entries was changed or signed by another key.")
            % {"signed": newest.size}
        )
    return edge


def _extend(edge: merkle.Edge, size: int) -> None:
    if size < edge.size:
        _refuse(_("Entries that were signed are missing at the end of the log."))
    for rows in stored.pages(_LEAVES, start=edge.size, end=size):
        hashes = [merkle.leaf_hash(bytes(row[1])) for row in rows]
        numbers = [row[0] for row in rows]
        if numbers != list(range(edge.size, edge.size + len(rows))) or hashes != [bytes(row[2]) for row in rows]:
            _refuse(_("The newest entries of the log were changed or are not complete."))
        edge.extend(hashes)


def _sign(edge: merkle.Edge, key: note.Key, now: datetime) -> stored.Signed:
    root = edge.root()
    text = note.checkpoint_text(note.Checkpoint(key.name, edge.size, root))
    signed = stored.Signed(edge.size, root, edge.to_bytes(), note.sign(text, name=key.name, seed=keys.seed()))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_checkpoint (size, root, edge, note, at) VALUES (%s, %s, %s, %s, %s)",
            [signed.size, root, signed.edge, signed.note, connection.ops.adapt_datetimefield_value(now)],
        )
    return signed


def _root_at(size: int) -> bytes:
    # From the nearest checkpoint that holds together, so that start-up stays quick on a long log.
    base = max((row for row in stored.checkpoints() if row.size <= size), key=lambda row: row.size, default=None)
    edge = (stored.edge_of(base) if base else None) or merkle.Edge()
    for run in stored.leaf_hashes(edge.size, size):
        edge.extend(run)
    return edge.root()


def _claimed_size(kept: str) -> int:
    try:
        return note.read_checkpoint(kept, keys.key()).size
    except note.BadNote:
        return 0


def _refuse(sentence: str | None) -> None:
    if sentence:
        raise LogDamaged(sentence)
