"""Reading signed copies: staff under a live opening, the member their own, anyone whether a file was changed (CNF2)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from circlekeeper.areas.agreements import copies
from circlekeeper.areas.agreements.models import CopyOpening, CopyPrint, Pledge
from circlekeeper.foundation import reveal
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

VERB = "agreements.copy.open"


class Checked(StrEnum):
    """What a file and a code say together."""

    SAME = "the copy that was signed"
    CHANGED = "not the file that was signed"
    UNKNOWN = "no copy has this code"


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What a signed copy is printed from (``actions.print_copy``), opened."""

    pledge_id: str
    document_id: str
    member_id: str
    name: str = field(repr=False)
    code: str = field(repr=False)
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class CopyOpeningFacts:
    """One look at a signed copy. ``by`` is a person's id."""

    id: str
    by: str
    reason: str
    opened_at: datetime
    expires_at: datetime


def place(pledge_id: str, group_id: str) -> Place:
    """Where a sealed name and copy belong."""
    return Place("agreements_pledge", pledge_id, "name", group_id)


def reason_place(opening_id: str, group_id: str) -> Place:
    """Where the sentence of an opening belongs."""
    return Place("agreements_copyopening", opening_id, "sentence", group_id)


def signed_pledge(group_id: str, member_id: str) -> Pledge | None:
    """A member's newest promise that has a signed copy."""
    rows = Pledge.objects.filter(group_id=group_id, member_id=member_id, code_mark__isnull=False)
    return rows.order_by("-signed_at", "-pk").first()


def with_copies(group_id: str) -> frozenset[str]:
    """The ids of everyone of whom there is a signed copy."""
    rows = Pledge.objects.filter(group_id=group_id, code_mark__isnull=False)
    return frozenset(rows.values_list("member_id", flat=True))


def live_copy_opening(*, by: str, group_id: str, member_id: str, now: datetime) -> CopyOpeningFacts | None:
    """The opening under which this person may read this copy now."""
    rows = CopyOpening.objects.filter(
        group_id=group_id, pledge__member_id=member_id, by=by, opened_at__lte=now, expires_at__gt=now
    )
    found = rows.order_by("-opened_at").first()
    return None if found is None else _facts(found)


def copy_openings(*, group_id: str, member_id: str) -> list[CopyOpeningFacts]:
    """Every look at a member's signed copies, newest first; the member reads them on their own page."""
    rows = CopyOpening.objects.filter(group_id=group_id, pledge__member_id=member_id)
    return [_facts(row) for row in rows.order_by("-opened_at", "pk")]


def signed_copy(*, by: str, about: str, now: datetime, ring: KeyRing, group_id: str) -> CopyFacts:
    """A member's (``about``) signed copy under a live opening. Every call is a line in the log.

    :raises Refused: no live opening, or the ring lacks the key; the refusal is logged.
    :raises LogUnavailable: the line could not be written. :raises NotHere: there is none, or it is forgotten.
    """
    if live_copy_opening(by=by, group_id=group_id, member_id=about, now=now) is None:
        reveal.denied(VERB, by=by, about=about, at=now)
        raise Refused("Say first why you open it. An opening lasts one hour.")
    if not ring.can(group_id, Scope.ROSTER):
        reveal.denied(VERB, by=by, about=about, at=now)
        raise Refused("Your keys do not open this. Ask someone who holds the keys of this group.")
    return _opened(by=by, about=about, now=now, ring=ring, group_id=group_id)


@reveal.reveal(VERB)
def _opened(*, by: str, about: str, now: datetime, ring: KeyRing, group_id: str) -> CopyFacts:
    found, secret = _with_secret(group_id, about)
    held = records.open_for_group(
        bytes(found.blob),
        bytes(found.wrap),
        key=ring.scope_key(group_id, Scope.ROSTER),
        secret=secret,
        place=place(found.pk, group_id),
    )
    return _copy_facts(found, held)


def own_copy(*, group_id: str, member_id: str, holder: bytes) -> CopyFacts:
    """A member's own signed copy, with their member key.

    :raises NotHere: there is none, it is forgotten, or it was signed before they had a key.
    """
    found, secret = _with_secret(group_id, member_id)
    if not found.holder_wrap:
        raise NotHere
    held = records.open_for_holder(
        bytes(found.blob),
        bytes(found.holder_wrap),
        holder=holder,
        secret=secret,
        place=place(found.pk, group_id),
    )
    return _copy_facts(found, held)


def _copy_facts(found: Pledge, held: Mapping[str, Any]) -> CopyFacts:
    return CopyFacts(
        found.pk, found.document_id, found.member_id, str(held["name"]), str(held["code"]), found.signed_at
    )


def _with_secret(group_id: str, member_id: str) -> tuple[Pledge, bytes]:
    found = signed_pledge(group_id, member_id)
    if found is None:
        raise NotHere
    secret = shredstore.secrets([found.secret_id]).get(found.secret_id)
    if secret is None:
        raise NotHere
    return found, secret


def check_copy(*, code: str, file: bytes) -> Checked:
    """Whether a file is a signed copy that was printed for a code, byte for byte. Nothing about the signer is told.

    A code is 100 random bits: trying codes leads nowhere, but let the caller limit the tries.
    """
    plain = copies.plain_code(code)
    rows = CopyPrint.objects.filter(pledge__code_mark=copies.code_mark(plain))
    marks = [bytes(mark) for mark in rows.values_list("file_mark", flat=True)]
    if not marks:
        return Checked.UNKNOWN
    given = copies.file_mark(plain, file)
    return Checked.SAME if any([hmac.compare_digest(mark, given) for mark in marks]) else Checked.CHANGED


def _facts(row: CopyOpening) -> CopyOpeningFacts:
    return CopyOpeningFacts(row.pk, row.by, row.reason, row.opened_at, row.expires_at)
