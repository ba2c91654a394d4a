"""What a member agreed to and promised, as that member reads it (CON1, CON2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from circlekeeper.areas.agreements import rules
from circlekeeper.areas.agreements.models import Kind, Pledge
from circlekeeper.areas.agreements.queries import consents, documents
from circlekeeper.areas.agreements.queries.copies import place
from circlekeeper.areas.agreements.queries.joining import ASKED_LATER
from circlekeeper.areas.agreements.rules import Standing
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import SealBroken


@dataclass(frozen=True, slots=True)
class AgreedPurpose:
    """One purpose: the words last answered (or, if never asked, the words in force), and where the member stands.

    ``may_give``: it can be given on one's own page now; the others are asked when they come up. ``needed``: without it
    nobody takes part, so taking it back means leaving. ``newer``: another text is in force since they answered.
    """

    purpose: str
    title: str
    words: str
    withdrawn: str
    standing: Standing
    version: int
    at: datetime | None
    until: datetime | None
    due_on: date | None
    needed: bool
    may_give: bool
    newer: bool


@dataclass(frozen=True, slots=True)
class OwnPromise:
    """One promise with its words and, where one was written, the name under it."""

    id: str
    title: str
    words: str
    version: int
    sha256: str
    strength: str
    name: str
    signed_at: datetime
    lapses_at: datetime
    withdrawn_at: datetime | None
    due_on: date | None


def agreed(*, group_id: str, member_id: str, now: datetime, locale: str = "en") -> list[AgreedPurpose]:
    """Where a member stands on every purpose they were ever asked about or may answer now, in two queries."""
    answered, found = consents.newest([member_id]), documents.in_force(group_id, locale)
    lines = []
    for each in documents.defaults(locale).purposes:
        row, text = answered.get((member_id, each.id)), found.get((Kind.CONSENT, each.id))
        if row is not None and row.group_id != group_id:
            continue
        here = text is not None and each.kind not in ASKED_LATER
        body = row.document.body if row is not None else text.body if here and text is not None else None
        if body is None:
            continue
        lines.append(
            AgreedPurpose(
                purpose=each.id,
                title=body["title"],
                words=body["words"],
                withdrawn=body["withdrawn"],
                standing=rules.standing(consents.given(row), now=now),
                version=row.document.version if row else 0,
                at=row.at if row else None,
                until=row.until if row else None,
                due_on=row.due_on if row else None,
                needed=each.needed_to_join,
                may_give=here,
                newer=bool(row and text and text.id != row.document_id),
            )
        )
    return lines


def own_promises(*, group_id: str, member_id: str, holder: bytes) -> list[OwnPromise]:
    """A member's promises, newest first; ``holder`` is their raw key. A name that was forgotten reads as empty."""
    rows = Pledge.objects.filter(group_id=group_id, member_id=member_id).select_related("document")
    found = list(rows.order_by("-signed_at", "-pk"))
    names = _names(found, holder)
    return [
        OwnPromise(
            id=row.pk,
            title=row.document.body["title"],
            words=row.document.body["words"],
            version=row.document.version,
            sha256=row.document.sha256,
            strength=row.strength,
            name=names.get(row.pk, ""),
            signed_at=row.signed_at,
            lapses_at=row.lapses_at,
            withdrawn_at=row.withdrawn_at,
            due_on=row.due_on,
        )
        for row in found
    ]


def _names(rows: Iterable[Pledge], holder: bytes) -> dict[str, str]:
    sealed = [row for row in rows if row.secret_id and row.holder_wrap]
    secrets = shredstore.secrets({row.secret_id for row in sealed})
    names = {}
    for row in sealed:
        if row.secret_id not in secrets:
            continue
        try:
            opened = records.open_for_holder(
                bytes(row.blob),
                bytes(row.holder_wrap),
                holder=holder,
                secret=secrets[row.secret_id],
                place=place(row.pk, row.group_id),
            )
        except SealBroken:
            continue
        names[row.pk] = str(opened["name"])
    return names


def promise_secrets(*, group_id: str, member_id: str) -> list[str]:
    """The ids of the secrets that open the names under a member's promises, for whoever destroys them."""
    rows = Pledge.objects.filter(group_id=group_id, member_id=member_id).exclude(secret_id="")
    return sorted(set(rows.values_list("secret_id", flat=True)))


def promise_receipt(promise: OwnPromise) -> dict[str, Any]:
    """One promise to take along, in the shape of the consent receipts, with its words and their hash."""
    made = {"event_time": promise.signed_at.isoformat(), "event_type": "promise", "event_state": "promise made"}
    events = [made | {"valid_until": promise.lapses_at.isoformat()}]
    if promise.withdrawn_at:
        moment = promise.withdrawn_at.isoformat()
        events.append({"event_time": moment, "event_type": "promise", "event_state": "promise withdrawn"})
    return {
        "schema_version": "circlekeeper promise 1, after ISO/IEC TS 27560:2023",
        "record_id": promise.id,
        "title": promise.title,
        "text": promise.words,
        "text_version": promise.version,
        "text_sha256": promise.sha256,
        "method": promise.strength,
        "name": promise.name,
        "withdrawal_method": "/me/agreed/",
        "events": events,
    }
