"""Cards of how people like to be treated: each their own, and sums for hosts."""

from dataclasses import dataclass
from datetime import date, datetime

from circlekeeper.areas.access import rules
from circlekeeper.areas.access.models import Card
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A member's own card and the day it runs out."""

    said: dict[str, list[str]]
    due_on: date


def card_place(card_id: str, group_id: str) -> Place:
    """Where a sealed card belongs."""
    return Place("access_card", card_id, "blob", group_id)


def own_card(*, group_id: str, member_id: str, holder: bytes) -> CardFacts | None:
    """A member's own card, opened with their key; None when they filled in none."""
    row = Card.objects.filter(group_id=group_id, member_id=member_id).first()
    secrets = shredstore.secrets([row.secret_id]) if row else {}
    if row is None or row.secret_id not in secrets:
        return None
    opened = records.open_for_holder(
        bytes(row.blob),
        bytes(row.holder_wrap),
        holder=holder,
        secret=secrets[row.secret_id],
        place=card_place(row.pk, group_id),
    )
    return CardFacts(rules.said(opened), row.due_on)


@reveal("access.card.sum")
def card_sums(*, by: str, about: str, ring: KeyRing, now: datetime) -> dict[tuple[str, str], int]:
    """What at least so many members of a group (``about``) answered, from the smallest number up (ACC4).

    :raises NoGrant: the ring lacks the door's key.
    """
    del by
    key = ring.scope_key(about, Scope.DOOR)
    rows = list(Card.objects.filter(group_id=about, due_on__gt=now.date()))
    secrets = shredstore.secrets({row.secret_id for row in rows})
    cards = [
        rules.said(
            records.open_for_group(
                bytes(row.blob),
                bytes(row.wrap),
                key=key,
                secret=secrets[row.secret_id],
                place=card_place(row.pk, about),
            )
        )
        for row in rows
        if row.secret_id in secrets
    ]
    return rules.sums(cards, safeguards.settings_for(about).number("small-number"))
