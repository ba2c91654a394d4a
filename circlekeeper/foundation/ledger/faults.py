"""What can be wrong with the log, each as one plain sentence that names the entry."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from circlekeeper.foundation.ledger import merkle, stored


@dataclass(frozen=True, slots=True)
class Fault:
    """``number`` is that of the first entry concerned, for putting faults in order."""

    number: int
    sentence: str


def entry(row: tuple[Any, ...], expected: int) -> Fault | None:
    """What is wrong with one row (number, whether its columns give its leaf, leaf, leaf hash), or None."""
    seq, same, said, hashed = row
    if seq < expected:
        return Fault(seq, _("Entry %(number)d was added: the log counts from 0.") % {"number": seq})
    if seq > expected:
        return Fault(expected, _("Entry %(number)d is missing.") % {"number": expected})
    if not isinstance(said, bytes) or merkle.leaf_hash(said) != hashed:
        sentence = _("Entry %(number)d was changed: its bytes no longer give the hash that was kept.")
        return Fault(seq, sentence % {"number": seq})
    if same:
        return None
    written_as = _number_in(said)
    if written_as == seq:
        sentence = _("Entry %(number)d was changed: it no longer says what was hashed when it was written.")
    else:
        sentence = _("Entry %(number)d was moved: what stands there was written as entry %(other)d.")
    return Fault(seq, sentence % {"number": seq, "other": written_as})


def rewritten(edge: merkle.Edge, signed: stored.Signed, sound: int) -> Fault:
    """The entries up to a signed size give another root. ``sound`` is the largest size whose root still held."""
    start, end = _narrowed(edge, signed)
    first, last = max(start, sound), end - 1
    if first == last:
        sentence = _("Entry %(first)d was rewritten: it is not the entry that was signed.")
    else:
        sentence = _(
            "One of the entries %(first)d to %(last)d was rewritten: they are not those that were signed."
        )
    return Fault(first, sentence % {"first": first, "last": last})


def cut_off(size: int, signed: int) -> Fault:
    """Entries that were signed are not there."""
    sentence = _(
        "The end of the log was cut off: %(signed)d entries were signed, and entry %(number)d is missing."
    )
    return Fault(size, sentence % {"signed": signed, "number": size})


def detail(seq: int) -> Fault:
    """A sealed detail was changed. (One that was deleted is no fault.)"""
    sentence = _("Entry %(number)d was changed: the sealed detail beside it is not the one that was written.")
    return Fault(seq, sentence % {"number": seq})


def checkpoint(size: int) -> Fault:
    """A checkpoint in the database is not ours."""
    sentence = _("The checkpoint at %(size)d entries was changed or was not signed by this log.")
    return Fault(size, sentence % {"size": size})


def outside_copy() -> Fault:
    """The checkpoint outside the database is not ours."""
    return Fault(0, _("The checkpoint kept outside the database was changed or was not signed by this log."))


def _number_in(said: bytes) -> int:
    try:
        number = json.loads(said)["seq"]
    except (ValueError, KeyError, TypeError):
        return -1
    return number if isinstance(number, int) else -1


def _narrowed(edge: merkle.Edge, signed: stored.Signed) -> tuple[int, int]:
    # The signed edge is trustworthy if it gives the signed root; its first wrong subtree holds the first wrong entry.
    trusted = stored.edge_of(signed)
    if trusted is not None:
        for ours, theirs in zip(edge.subtrees(), trusted.subtrees(), strict=True):
            if ours != theirs:
                return ours[0], ours[1]
    return 0, signed.size
