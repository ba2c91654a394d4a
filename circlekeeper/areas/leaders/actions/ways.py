"""Ways back for somebody who lost their passphrase and their kit, or for a group whose holders lost their keys."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from circlekeeper.areas.leaders import errors, queries
from circlekeeper.areas.leaders.models import OfflineKit, Recovery, RecoveryKind
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import hasher, rules
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.backup.reconciling import Done
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import Permission, grants
from circlekeeper.foundation.vault import groupkeys, offlinekit, shredstore
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant
from circlekeeper.foundation.vault.shredstore import Stone


@dataclass(frozen=True, slots=True)
class WayBack:
    """A way back for somebody. ``code`` is shown once and not kept; ``path`` is the address to open, without it."""

    id: str
    path: str
    opens_at: datetime
    code: str = field(repr=False)


@action("leaders.way-back.begin")
def begin_way_back(*, by: str, group_id: str, person_id: str, now: datetime) -> WayBack:
    """Let somebody of the team back in who has neither passphrase nor kit; call them first. It opens after a day.

    Their keys will be new, so ``by`` must hold all keys of the group, and answer for every place where they have a role.

    :raises errors.NotYours: see there. :raises errors.WayUnderWay: there is one already.
    """
    made_id, code = new_id(), rules.new_code()
    ledger.record(by=by, about=person_id, at=now)
    whole = {holder.person_id for holder in groupkeys.holders(group_id) if holder.whole}
    if group_id not in accounts.places_of(person_id):
        raise NotHere
    if by not in whole or queries.why_not_let_in(by=by, person_id=person_id):
        raise errors.NotYours
    close_old(person_id, now)
    row = Recovery(
        pk=made_id, kind=RecoveryKind.CO_LEADER, person_id=person_id, group_id=group_id, began_by=by,
        began_at=now, opens_at=now + queries.WAIT, code_hash=_hash(made_id, code),
    )  # fmt: skip
    save(row)
    return WayBack(made_id, f"/way-back/{made_id}/", row.opens_at, code)


@action("leaders.way-back.agree")
def agree_to_way_back(*, by: str, person_id: str, now: datetime) -> None:
    """One more leader knows that it is really they: the door opens at once.

    :raises NotHere: nobody is coming back, it is their own doing, or they do not lead that group.
    """
    found = queries.way_of(person_id, now=now)
    if found is None or by in (found.began_by, person_id):
        raise NotHere
    if not grants(accounts.roles_of(by).get(found.group_id, frozenset()), Permission.KEYS_CHANGE):
        raise NotHere
    ledger.record(by=by, about=person_id, at=now)
    Recovery.objects.filter(pk=found.id).update(agreed_by=by, opens_at=min(found.opens_at, now))


@action("leaders.way-back.stop")
def stop_way_back(*, by: str, person_id: str, now: datetime) -> None:
    """Somebody says that it is not they, or not now.

    :raises NotHere: nobody is coming back.
    """
    found = queries.way_of(person_id, now=now)
    if found is None:
        raise NotHere
    ledger.record(by=by, about=person_id, at=now)
    Recovery.objects.filter(pk=found.id).update(stopped_by=by, over_at=now, code_hash=None)
    shredstore.remember("way-back", found.id, now=now)


def stopped_again(stones: Sequence[Stone], by: str, now: datetime) -> Done:
    """After a restore: stop again what was stopped (tombstones ``way-back``); a step for ``backup.reconciling``."""
    refs = [stone.ref for stone in stones]
    back = Recovery.objects.filter(pk__in=refs, over_at__isnull=True).values_list("person_id", flat=True)
    people = sorted(set(back))
    for person_id in people:
        if queries.way_of(person_id, now=now) is None:
            continue  # too old to be used by anyone
        stop_way_back(by=by, person_id=person_id, now=now)
    return Done(len(people))


def way_opens(*, way_id: str, code: str, now: datetime) -> datetime | None:
    """From when this code opens this way back; None if it does not. The caller limits how often it may be tried."""
    row = Recovery.objects.filter(pk=way_id, over_at__isnull=True, opens_at__gt=now - queries.LASTS).first()
    expected = bytes(row.code_hash) if row and row.code_hash else b"\0" * 32
    fits = hmac.compare_digest(_hash(way_id, code), expected)
    return row.opens_at if row and fits else None


@action("leaders.way-back.take")
def take_way_back(*, way_id: str, code: str, secret: hasher.Split, now: datetime) -> str:
    """The person is back: new passphrase, new keys, no second factor yet, and they wait for keys; returns their id.

    :raises NotHere: not the code, not open yet, stopped, or over.
    """
    opens_at = way_opens(way_id=way_id, code=code, now=now)
    if opens_at is None or now < opens_at:
        raise NotHere
    row = Recovery.objects.get(pk=way_id)
    ledger.record(by=row.began_by, about=row.person_id, at=now)
    if queries.why_not_let_in(by=row.began_by, person_id=row.person_id):
        raise NotHere
    accounts_do.renew_person(by=row.began_by, person_id=row.person_id, secret=secret, now=now)
    accounts_do.drop_factors(by=row.began_by, person_id=row.person_id, now=now)
    for place in accounts.places_of(row.person_id):
        _wait_for_keys(row, place, now)
    Recovery.objects.filter(pk=way_id).update(over_at=now, code_hash=None)
    return row.person_id


def _wait_for_keys(row: Recovery, place: str, now: datetime) -> None:
    """Grants to the lost keys are worth nothing; taken away, they show who waits."""
    if any(holder.person_id == row.person_id for holder in groupkeys.holders(place)):
        groupkeys.revoke(by=row.began_by, group_id=place, person_id=row.person_id, now=now)
    accounts_do.mark_waiting(by=row.began_by, person_id=row.person_id, place=place, now=now)


@action("leaders.papers.make")
def make_papers(*, by: str, ring: KeyRing, group_id: str, now: datetime) -> tuple[str, ...]:
    """Three papers, two of which open the group's keys of today; returns their words, once. Older papers end.

    :raises errors.NotAllKeys: the ring holds a part.
    """
    try:
        secret, version = ring.group_secret(group_id), ring.version(group_id)
    except NoGrant:
        raise errors.NotAllKeys from None
    made = offlinekit.make(secret, group_id=group_id, version=version)
    ledger.record(by=by, about=group_id, at=now)
    OfflineKit.objects.filter(group_id=group_id).delete()
    OfflineKit.objects.create(group_id=group_id, version=version, pairs=dict(made.pairs), made_by=by, made_at=now)
    return made.papers


@action("leaders.papers.begin")
def begin_papers(*, by: str, group_id: str, typed: tuple[str, str], now: datetime) -> datetime:
    """Somebody of the team has two papers: the others have a day to stop it; returns from when the papers open.

    :raises errors.PapersDoNotOpen: see there. :raises errors.WayUnderWay: there is a way back already.
    """
    _opened(group_id, typed)
    ledger.record(by=by, about=group_id, at=now)
    close_old(by, now)
    row = Recovery(
        kind=RecoveryKind.PAPERS, person_id=by, group_id=group_id, began_by=by, began_at=now,
        opens_at=now + queries.WAIT,
    )  # fmt: skip
    save(row)
    return row.opens_at


@action("leaders.papers.take")
def take_papers(*, by: str, ring: KeyRing, group_id: str, typed: tuple[str, str], now: datetime) -> None:
    """The day is over and nobody objected: the whole key, from the papers, granted to who holds them.

    :raises errors.PapersDoNotOpen: see there. :raises errors.TooEarly: the day is not over. :raises NotHere: it was stopped.
    """
    found = queries.way_of(by, now=now)
    if found is None or found.group_id != group_id or not found.by_papers:
        raise NotHere
    if now < found.opens_at:
        raise errors.TooEarly
    secret = _opened(group_id, typed)
    ledger.record(by=by, about=group_id, at=now)
    groupkeys.grant(
        ring=_PaperRing(ring, group_id, secret), group_id=group_id, to=by, scopes=groupkeys.ALL, now=now
    )
    accounts_do.mark_keyed(by=by, person_id=by, place=group_id, now=now)
    Recovery.objects.filter(pk=found.id).update(over_at=now)


class _PaperRing:
    """A person's own signature with a group's secret that came from paper."""

    def __init__(self, own: KeyRing, group_id: str, secret: bytes) -> None:
        self.person_id, self._own, self._group_id, self._secret = own.person_id, own, group_id, secret

    @property
    def publics(self) -> bytes:
        return self._own.publics

    def sign(self, message: bytes) -> bytes:
        return self._own.sign(message)

    def version(self, group_id: str) -> int:
        return groupkeys.current_version(group_id)

    def scope_secret(self, group_id: str, scope: groupkeys.Scope) -> bytes:
        return groupkeys.scope_secret(self.group_secret(group_id), scope)

    def group_secret(self, group_id: str) -> bytes:
        if group_id != self._group_id:
            raise NoGrant
        return self._secret


def _opened(group_id: str, typed: tuple[str, str]) -> bytes:
    row = OfflineKit.objects.filter(group_id=group_id, version=groupkeys.current_version(group_id)).first()
    if row is None:
        raise errors.PapersDoNotOpen
    try:
        return offlinekit.open_with(typed, row.pairs, group_id=group_id, version=row.version)
    except (offlinekit.NotWords, offlinekit.SealBroken):
        raise errors.PapersDoNotOpen from None


def close_old(person_id: str, now: datetime) -> None:
    """A way back that nobody used within its week makes room for a new one."""
    Recovery.objects.filter(person_id=person_id, over_at__isnull=True, opens_at__lte=now - queries.LASTS).update(
        over_at=now, code_hash=None
    )


def save(row: Recovery) -> None:
    """:raises errors.WayUnderWay: the person is on their way back already."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise errors.WayUnderWay from None


def _hash(way_id: str, code: str) -> bytes:
    # The code holds 124 random bits, so a fast hash is enough.
    text = f"{way_id}:{rules.tidy_code(code)}"
    return hashlib.blake2b(text.encode(), digest_size=32, person=b"ck-way-back").digest()
