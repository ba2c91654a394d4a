"""The append-only log: see README.md. Other rooms use the names below, and ``ledger.queries`` for reading."""

from circlekeeper.foundation.ledger.append import append_alone, record, record_many, take_turn, written
from circlekeeper.foundation.ledger.checkpoints import (
    LogDamaged,
    continue_after_restore,
    make_checkpoint,
    rolled_back,
)
from circlekeeper.foundation.ledger.leaf import Line
from circlekeeper.foundation.ledger.offline import check_proof
from circlekeeper.foundation.ledger.proofs import NotSignedYet, proof_document, prove
from circlekeeper.foundation.ledger.verification import Verdict, verify

__all__ = [
    "Line",
    "LogDamaged",
    "NotSignedYet",
    "Verdict",
    "append_alone",
    "check_proof",
    "continue_after_restore",
    "make_checkpoint",
    "proof_document",
    "prove",
    "record",
    "record_many",
    "rolled_back",
    "take_turn",
    "verify",
    "written",
]
