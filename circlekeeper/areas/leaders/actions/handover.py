"""Handing a group over: invite, accept, grant, prove, sign; the keys are changed right after (POL5)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from circlekeeper.areas.leaders import errors, queries, sealing
from circlekeeper.areas.leaders.actions import parting
from circlekeeper.areas.leaders.models import Handover, Removal, RemovalReason
from circlekeeper.areas.leaders.rules import Step
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant

# Nothing opens the test record any more; its secret is reaped with the next daily run.
_EMPTY = {"test_blob": b"", "test_wrap": b"", "secret_id": ""}


def begin_handover(*, by: str, group_id: str, leaver_id: str, successor_id: str, now: datetime) -> str:
    """Name who takes a group over from whom; returns the handover's id. Begun by anyone but the leaver, they count as gone.

    :raises NotHere: the leaver is no leader here, or the successor is not on the team.
    :raises errors.HandoverUnderWay: another one is.
    """
    made = sealing.test_record(new_id(), group_id, now=now)
    _begin(by=by, row=Handover(**made, leaver_id=leaver_id, successor_id=successor_id, began_by=by), now=now)
    return str(made["id"])


@action("leaders.handover.begin")
def _begin(*, by: str, row: Handover, now: datetime) -> None:
    ledger.record(by=by, about=row.pk, at=now)
    team = accounts.people_with_role(row.group_id)
    leaders = accounts.people_with_role(row.group_id, RoleName.LEADER)
    if row.leaver_id not in leaders or row.successor_id not in team or row.successor_id == row.leaver_id:
        raise NotHere
    row.gone, row.began_at = by != row.leaver_id, now
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise errors.HandoverUnderWay from None


@action("leaders.handover.accept")
def accept_handover(*, by: str, group_id: str, now: datetime) -> None:
    """The successor takes it on, by their own hand.

    :raises errors.NotYourStep: it is not their turn.
    """
    row = _turn(by, group_id, Step.ACCEPT)
    ledger.record(by=by, about=row.pk, at=now)
    Handover.objects.filter(pk=row.pk).update(accepted_at=now)


@action("leaders.handover.give")
def give_all_keys(*, by: str, ring: KeyRing, group_id: str, now: datetime) -> None:
    """Somebody who holds all keys gives them to the successor, after comparing four words by voice.

    :raises errors.NotYourStep: see there. :raises errors.NotAllKeys: the ring holds a part.
    """
    row = _turn(by, group_id, Step.GIVE)
    ledger.record(by=by, about=row.pk, at=now)
    try:
        accounts_do.grant_keys(
            by=by, ring=ring, person_id=row.successor_id, place=group_id, scopes=groupkeys.ALL, now=now
        )
    except NoGrant:
        raise errors.NotAllKeys from None


def prove_keys(*, by: str, ring: KeyRing, group_id: str, now: datetime) -> None:
    """The successor opens the test record; nothing else shows that their keys work.

    :raises errors.NotYourStep: see there. :raises errors.NotAllKeys: it did not open.
    """
    row = _turn(by, group_id, Step.PROVE)
    try:
        opened = sealing.open_test(row, ring=ring)
    except (NoGrant, sealing.SealBroken):
        raise errors.NotAllKeys from None
    _prove(by=by, handover_id=row.pk, opened=opened, now=now)


@action("leaders.handover.prove")
def _prove(*, by: str, handover_id: str, opened: str, now: datetime) -> None:
    if opened != handover_id:
        raise errors.NotAllKeys
    ledger.record(by=by, about=handover_id, at=now)
    Handover.objects.filter(pk=handover_id).update(proved_at=now)


@action("leaders.handover.sign")
def sign_handover(*, by: str, group_id: str, now: datetime) -> None:
    """The leaver hands over by their own hand: the successor leads, the leaver's roles, keys and sessions end now.

    :raises errors.NotYourStep: see there.
    """
    _finish(_turn(by, group_id, Step.SIGN), by=by, second_by="", now=now)


@action("leaders.handover.confirm")
def confirm_handover(*, by: str, group_id: str, now: datetime) -> None:
    """A third person of the team confirms in place of a leader who is gone, and who had a day to say no.

    :raises errors.NotYourStep: see there. :raises errors.TooEarly: the day is not over.
    """
    row = _turn(by, group_id, Step.CONFIRM)
    if now < row.began_at + queries.ANSWER_WITHIN:
        raise errors.TooEarly
    _finish(row, by=by, second_by=by, now=now)
    Removal.objects.create(group_id=group_id, person_id=row.leaver_id, by=by, reason=RemovalReason.GONE, at=now)


@action("leaders.handover.stop")
def stop_handover(*, by: str, group_id: str, now: datetime) -> None:
    """Break off; whatever was granted stays until somebody takes it back on the team's page.

    :raises NotHere: none is under way.
    """
    row = queries.open_row(group_id)
    ledger.record(by=by, about=row.pk, at=now)
    Handover.objects.filter(pk=row.pk).update(stopped_at=now, **_EMPTY)


def _turn(by: str, group_id: str, step: Step) -> Handover:
    """The handover, if this is its next step and this person may take it."""
    row = queries.open_row(group_id)
    found = queries.handover(group_id, person_id=by)
    if found is None or found.step is not step or not found.your_turn:
        raise errors.NotYourStep
    return row


def _finish(row: Handover, *, by: str, second_by: str, now: datetime) -> None:
    ledger.record(by=by, about=row.pk, at=now)
    accounts_do.grant_role(
        by=by, person_id=row.successor_id, place=row.group_id, role=RoleName.LEADER, now=now, keyed=True
    )
    parting.part(by=by, group_id=row.group_id, person_id=row.leaver_id, now=now)
    Handover.objects.filter(pk=row.pk).update(finished_at=now, second_by=second_by, **_EMPTY)
