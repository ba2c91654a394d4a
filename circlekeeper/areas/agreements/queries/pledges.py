"""Reading pledges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.agreements import rules, sources
from circlekeeper.areas.agreements.models import Kind, Pledge
from circlekeeper.areas.agreements.queries import documents
from circlekeeper.areas.agreements.queries.copies import place
from circlekeeper.areas.agreements.queries.waiting import newest_made
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class PledgeFacts:
    """One promise. The name under it stays sealed."""

    id: str
    group_id: str
    member_id: str
    document_id: str
    version: int
    sha256: str
    strength: str
    signed_at: datetime
    lapses_at: datetime
    has_name: bool
    withdrawn_at: datetime | None = None


def pledge_of(*, group_id: str, member_id: str) -> PledgeFacts | None:
    """A member's newest promise."""
    rows = Pledge.objects.filter(group_id=group_id, member_id=member_id).select_related("document")
    found = rows.order_by("-signed_at", "-pk").first()
    if found is None:
        return None
    return PledgeFacts(
        id=found.pk,
        group_id=found.group_id,
        member_id=found.member_id,
        document_id=found.document_id,
        version=found.document.version,
        sha256=found.document.sha256,
        strength=found.strength,
        signed_at=found.signed_at,
        lapses_at=found.lapses_at,
        has_name=bool(found.secret_id),
        withdrawn_at=found.withdrawn_at,
    )


def still_to_sign(*, group_id: str, now: datetime, member_ids: Iterable[str] | None = None) -> frozenset[str]:
    """Members whose promise is missing, weaker than asked, to a text changed since, or run out; in two queries.

    Without ``member_ids``, all members of the group.
    """
    members = sources.members(group_id) if member_ids is None else frozenset(member_ids)
    needed = documents.pledge_strength(group_id)
    return rules.still_to_sign(
        signed=newest_made(group_id, members),
        members=members,
        # Nothing published yet counts as a text nobody has signed.
        asked_from=documents.asked_from(group_id).get((Kind.PLEDGE, needed), 1),
        needed=needed,
        now=now,
    )


@reveal("agreements.signature.open")
def signature(*, by: str, about: str, ring: KeyRing, group_id: str, now: datetime) -> str:
    """The name under a member's newest promise; empty where a tick was enough. ``about`` is the member's id.

    :raises NotHere: the member made no promise. :raises NoGrant: ``ring`` does not hold the roster's key.
    :raises Shredded: it was forgotten.
    """
    found = Pledge.objects.filter(group_id=group_id, member_id=about).order_by("-signed_at", "-pk").first()
    if found is None:
        raise NotHere
    if not found.secret_id:
        return ""
    opened = records.open_for_group(
        bytes(found.blob),
        bytes(found.wrap),
        key=ring.scope_key(group_id, Scope.ROSTER),
        secret=shredstore.secret(found.secret_id),
        place=place(found.pk, group_id),
    )
    return str(opened["name"])
