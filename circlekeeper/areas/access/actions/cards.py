"""Saying how one likes to be treated, and taking it back (ACC4)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from circlekeeper.areas.access import rules
from circlekeeper.areas.access.actions.talks import SOMEBODY
from circlekeeper.areas.access.models import Card
from circlekeeper.areas.access.queries.cards import card_place
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope

RECORD = "preferences"


def keep_card(
    *, by: str, group_id: str, holder: bytes, fields: Mapping[str, Iterable[str]], now: datetime
) -> None:
    """A member (``by``, with their key) fills in their card anew; one that says nothing is no card."""
    said = rules.said(fields)
    if not said:
        drop_card(group_id=group_id, member_id=by, now=now)
        return
    card_id = new_id()
    secret = shredstore.new_secret(record=RECORD, group_id=group_id, now=now)
    sealed = records.seal_for_group(
        dict(said),
        public=groupkeys.public_key(group_id, Scope.DOOR),
        secret=secret.value,
        place=card_place(card_id, group_id),
        holder=holder,
    )
    today = now.astimezone(groups.group(group_id).zone).date()
    card = Card(
        pk=card_id,
        group_id=group_id,
        member_id=by,
        secret_id=secret.id,
        blob=sealed.blob,
        wrap=sealed.wrap,
        holder_wrap=sealed.holder_wrap,
        due_on=safeguards.due_on(group_id=group_id, record=RECORD, start=today),
    )
    shredstore.shred(_keep(by=SOMEBODY, card=card, now=now), now=now)


@action("access.card.keep")
def _keep(*, by: str, card: Card, now: datetime) -> list[str]:
    old = _drop_rows(card.group_id, card.member_id)
    card.save(force_insert=True)
    ledger.record(by=by, about=card.pk, at=now)
    return old


def drop_card(*, group_id: str, member_id: str, now: datetime) -> None:
    """Take a card back: it can be read no more, in no backup either. Twice is once."""
    if Card.objects.filter(group_id=group_id, member_id=member_id).exists():
        shredstore.shred(_drop(by=SOMEBODY, group_id=group_id, member_id=member_id, now=now), now=now)


@action("access.card.drop")
def _drop(*, by: str, group_id: str, member_id: str, now: datetime) -> list[str]:
    old = _drop_rows(group_id, member_id)
    ledger.record(by=by, about=group_id, at=now)
    return old


def _drop_rows(group_id: str, member_id: str) -> list[str]:
    rows = Card.objects.filter(group_id=group_id, member_id=member_id)
    secrets = list(rows.values_list("secret_id", flat=True))
    rows.delete()
    return secrets
