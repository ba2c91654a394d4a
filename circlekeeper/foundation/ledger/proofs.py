"""Making the proof that an entry stands in the log; ``offline`` checks it anywhere."""

import base64
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger import checkpoints, keys, merkle, offline, stored

Proof = dict[str, object]


class NotSignedYet(Exception):
    """The entry is newer than the newest checkpoint; make one, then ask again."""


def prove(number: int) -> Proof:
    """The inclusion proof of entry ``number`` against the newest checkpoint, ready for ``json.dumps``.

    :raises NotHere: there is no such entry.
    :raises NotSignedYet: no checkpoint covers it yet.
    :raises LogDamaged: the entry or its neighbours no longer give the signed root.
    """
    said = _leaf(number)
    key = keys.key()
    newest = stored.newest_checkpoint()
    if newest is None or newest.size <= number:
        raise NotSignedYet
    path = merkle.inclusion_proof(index=number, size=newest.size, root_of=stored.range_root)
    proof: Proof = {
        "format": offline.FORMAT,
        "index": number,
        "leaf": said.decode(errors="replace"),
        "hashes": [base64.b64encode(step).decode() for step in path],
        "checkpoint": newest.note,
        "public_key": key.text(),
    }
    holds, _why = offline.check_proof(proof)
    if not holds:
        raise checkpoints.LogDamaged(
            _("Entry %(number)d cannot be proved: the log is not what was signed.") % {"number": number}
        )
    return proof


def proof_document(number: int, *, now: datetime) -> Proof:
    """As ``prove``, signing a new checkpoint first if the entry is newer than the last one.

    Must not be called inside a transaction.
    """
    try:
        return prove(number)
    except NotSignedYet:
        checkpoints.make_checkpoint(now)
        return prove(number)


def _leaf(number: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT leaf FROM ledger_entry WHERE seq = %s", [number])
        row = cursor.fetchone()
    if row is None:
        raise NotHere
    return bytes(row[0])
