"""``circlekeeper log verify | prove N | check PROOF``: each returns an exit status and the JSON to print.

0 fine, 1 a finding, 2 wrong use.
"""

import json
import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger import checkpoints, offline, proofs, verification

Answer = tuple[int, dict[str, object]]

FINE, FINDING, WRONG_USE = 0, 1, 2
_LARGEST_PROOF = 1_000_000


def cli_verify(args: Namespace) -> Answer:
    """Check the whole log. JSON: ok, size, root, checkpoint_size, detail."""
    verdict = verification.verify()
    return FINE if verdict.ok else FINDING, asdict(verdict)


def cli_prove(args: Namespace) -> Answer:
    """Prove entry ``args.number``; JSON: the proof document, as ``check`` reads it."""
    number = int(args.number)
    try:
        return FINE, proofs.proof_document(number, now=clock.now())
    except NotHere:
        return WRONG_USE, {"ok": False, "detail": f"There is no entry {number}."}
    except checkpoints.LogDamaged as damage:
        return FINDING, {"ok": False, "detail": str(damage)}


def cli_check(args: Namespace) -> Answer:
    """Check the proof in the file ``args.proof`` ("-": standard input), without the database. JSON: ok, detail."""
    try:
        doc = json.loads(_read(str(args.proof)))
    except OSError:
        return WRONG_USE, {
            "ok": False,
            "detail": "The proof could not be read: no such file, or it may not be opened.",
        }
    except (ValueError, RecursionError):
        doc = {}
    holds, sentence = offline.check_proof(doc if isinstance(doc, dict) else {})
    return FINE if holds else FINDING, {"ok": holds, "detail": sentence}


def _read(place: str) -> str:
    if place == "-":
        return sys.stdin.read(_LARGEST_PROOF)
    with Path(place).open(encoding="utf-8") as file:
        return file.read(_LARGEST_PROOF)
