"""Coming back with the paper kit alone, when the phone with the second factor is gone as well: the others have a day."""

from datetime import datetime

from circlekeeper.areas.leaders import errors, queries
from circlekeeper.areas.leaders.actions import ways
from circlekeeper.areas.leaders.models import Recovery, RecoveryKind
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import userkeys


@action("leaders.kit.begin")
def begin_with_kit(*, by: str, now: datetime) -> datetime:
    """Somebody opened the kit of ``by`` and has no second factor; returns from when they may come in.

    :raises errors.WayUnderWay: there is a way back already.
    """
    ledger.record(by=by, about=by, at=now)
    ways.close_old(by, now)
    place = next(iter(accounts.places_of(by)), "")
    row = Recovery(
        kind=RecoveryKind.KIT, person_id=by, group_id=place, began_by=by, began_at=now,
        opens_at=now + queries.WAIT,
    )  # fmt: skip
    ways.save(row)
    return row.opens_at


@action("leaders.kit.take")
def take_with_kit(*, opened: userkeys.UserSecret, secret: hasher.Split, now: datetime) -> None:
    """The day is over and nobody objected: a new passphrase, the same keys, and no second factor until they set a new one.

    :raises NotHere: it was stopped. :raises errors.TooEarly: the day is not over.
    """
    person_id = opened.person_id
    found = queries.way_of(person_id, now=now)
    if found is None or found.kind != RecoveryKind.KIT:
        raise NotHere
    if now < found.opens_at:
        raise errors.TooEarly
    accounts_do.recover(opened=opened, secret=secret, now=now)
    accounts_do.drop_factors(by=person_id, person_id=person_id, now=now)
    ledger.record(by=person_id, about=person_id, at=now)
    Recovery.objects.filter(pk=found.id).update(over_at=now)
