"""Reading consent: where a member stands, what withdrawing does, and receipts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from circlekeeper.areas.agreements import rules
from circlekeeper.areas.agreements.models import Act, Consent, Kind
from circlekeeper.areas.agreements.queries import documents
from circlekeeper.areas.agreements.rules import Given, Standing
from circlekeeper.foundation.errors import NotHere


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """Where a member stands on one purpose. ``version`` and ``document_id`` are of the text they last answered."""

    purpose: str
    standing: Standing
    version: int
    document_id: str
    at: datetime | None
    until: datetime | None


def newest(member_ids: Iterable[str]) -> dict[tuple[str, str], Consent]:
    """The newest event of each member and purpose, in one query."""
    rows = (
        Consent.objects.filter(member_id__in=list(member_ids))
        .select_related("document", "policy")
        .order_by("number")
    )
    return {(row.member_id, row.purpose): row for row in rows}


def given(row: Consent | None) -> Given | None:
    """A row as the rules see it."""
    return None if row is None else Given(row.act, row.document.version, row.until)


def consents_of(*, group_id: str, member_id: str, now: datetime) -> list[ConsentFacts]:
    """Where a member stands on every purpose, in the order they are offered."""
    found = newest([member_id])
    return [
        _facts(purpose.id, found.get((member_id, purpose.id)), now)
        for purpose in documents.defaults().purposes
        if (row := found.get((member_id, purpose.id))) is None or row.group_id == group_id
    ]


def _facts(purpose: str, row: Consent | None, now: datetime) -> ConsentFacts:
    return ConsentFacts(
        purpose=purpose,
        standing=rules.standing(given(row), now=now),
        version=row.document.version if row else 0,
        document_id=row.document_id if row else "",
        at=row.at if row else None,
        until=row.until if row else None,
    )


def allows(*, member_id: str, purpose: str, now: datetime, version: int = 1) -> bool:
    """Whether a member's consent covers a purpose as version ``version`` of its text describes it (CON2)."""
    return rules.allows(given(newest([member_id]).get((member_id, purpose))), version=version, now=now)


def who_allows(*, member_ids: Iterable[str], purpose: str, now: datetime, version: int = 1) -> frozenset[str]:
    """Those of these members whose consent covers a purpose, in one query."""
    return frozenset(
        member
        for (member, named), row in newest(member_ids).items()
        if named == purpose and rules.allows(given(row), version=version, now=now)
    )


def withdrawal_effect(*, group_id: str, purpose: str, locale: str = "en") -> str:
    """What stops when a consent is withdrawn; said before it is confirmed (CON2).

    :raises NotHere: there is no such purpose.
    """
    found = documents.current(group_id, Kind.CONSENT, purpose, locale)
    if found is not None:
        return str(found.body["withdrawn"])
    for each in documents.defaults(locale).purposes:
        if each.id == purpose:
            return each.withdrawn
    raise NotHere


def to_ask_again(*, group_id: str, member_id: str, now: datetime) -> list[str]:
    """Purposes a member once agreed to and is asked about again: the text changed, or the time is up."""
    versions, found = documents.asked_from(group_id), newest([member_id])
    return [
        purpose
        for (_, purpose), row in found.items()
        if rules.must_ask_again(given(row), asked_from=versions.get((Kind.CONSENT, purpose), 1), now=now)
    ]


def needed_to_join() -> frozenset[str]:
    """Purposes without which nobody takes part: taking one back means leaving."""
    return frozenset(each.id for each in documents.defaults().purposes if each.needed_to_join)


def not_agreed(*, group_id: str, member_ids: frozenset[str], now: datetime) -> frozenset[str]:
    """Members without a standing consent to what is needed for taking part, or to an older text of it."""
    asked, found = documents.asked_from(group_id), newest(member_ids)
    own: dict[str, dict[str, Consent]] = {member: {} for member in member_ids}
    for (member, purpose), row in found.items():
        own[member][purpose] = row
    return frozenset(member for member, answers in own.items() if lacks(answers.get, asked, now))


def lacks(answer: Callable[[str], Consent | None], asked: Mapping[tuple[str, str], int], now: datetime) -> bool:
    """Whether what is needed for taking part is not agreed to, or to words or a policy that changed since in a way
    that matters. ``answer`` gives a member's newest event for a purpose.
    """
    for purpose in documents.defaults().purposes:
        if not purpose.needed_to_join:
            continue
        row = answer(purpose.id)
        if not rules.allows(given(row), version=asked.get((Kind.CONSENT, purpose.id), 1), now=now):
            return True
        if row is not None and row.policy.version < asked.get((Kind.POLICY, ""), 1):
            return True
    return False


def receipts(*, group_id: str, member_id: str) -> list[dict[str, Any]]:
    """A member's consent records, one a purpose, in the shape of ISO/IEC TS 27560:2023 (through the DPV guide)."""
    return _receipts(Consent.objects.filter(group_id=group_id, member_id=member_id))


def receipts_of_group(group_id: str) -> list[dict[str, Any]]:
    """Every consent record of a group; members are opaque ids."""
    return _receipts(Consent.objects.filter(group_id=group_id))


def _receipts(rows: Any) -> list[dict[str, Any]]:
    chains: dict[tuple[str, str], list[Consent]] = {}
    for row in rows.select_related("document", "policy").order_by("member_id", "purpose", "number"):
        chains.setdefault((row.member_id, row.purpose), []).append(row)
    return [_receipt(chain) for chain in chains.values()]


def _receipt(chain: list[Consent]) -> dict[str, Any]:
    newest_row = chain[-1]
    text = newest_row.document
    return {
        "schema_version": "ISO/IEC TS 27560:2023",
        "record_id": chain[0].pk,
        "pii_principal_id": newest_row.member_id,
        "pii_controllers": [newest_row.group_id],
        "privacy_notice": {
            "id": newest_row.policy_id,
            "version": newest_row.policy.version,
            "sha256": newest_row.policy.sha256,
            "url": f"/g/{newest_row.group_id}/policy/",
        },
        "language": text.locale,
        "purposes": [
            {
                "purpose": newest_row.purpose,
                "purpose_type": text.body["type"],
                "title": text.body["title"],
                "text": text.text,
                "text_version": text.version,
                "text_sha256": text.sha256,
                "lawful_basis": "consent",
                "retention_period": text.body["lasts"] or "until withdrawn",
                "storage_locations": ["this installation"],
                "withdrawal_method": "/me/",
            }
        ],
        "events": [_event(row) for row in chain],
    }


def _event(row: Consent) -> dict[str, Any]:
    return {
        "event_id": row.pk,
        "event_time": row.at.isoformat(),
        "event_type": "explicit",
        "event_state": "consent given" if row.act == Act.GIVEN else "consent withdrawn",
        "entity_id": row.member_id,
        "method": row.method,
        "text_version": row.document.version,
        "text_sha256": row.document.sha256,
        "valid_until": row.until.isoformat() if row.until else None,
    }
