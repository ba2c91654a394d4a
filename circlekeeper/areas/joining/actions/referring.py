"""Who may send us people, and the codes they hand on (REG7)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import queries
from circlekeeper.areas.joining.models import Referral, Referrer
from circlekeeper.areas.joining.queries.referrers import referrer_place
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore, words
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

REFERRAL_LASTS = timedelta(days=30)


def list_referrer(*, by: str, group_id: str, name: str, reach: str, now: datetime) -> str:
    """List an organisation or a person who may send people; who they are is sealed. Returns the listing's id.

    :raises Refused: no name, or no way to ask them back.
    """
    if not name.strip():
        raise Refused(_("Write who they are."), field="name")
    if not reach.strip():
        raise Refused(_("Write how you reach them, so that you can ask them back."), field="reach")
    referrer_id = new_id()
    secret = shredstore.new_secret(record="referrers", group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"name": name.strip(), "reach": reach.strip()},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=referrer_place(referrer_id, group_id),
    )
    _list(by=by, group_id=group_id, referrer_id=referrer_id, secret_id=secret.id, sealed=sealed, now=now)
    return referrer_id


@action("joining.referrer.list")
def _list(
    *, by: str, group_id: str, referrer_id: str, secret_id: str, sealed: SealedRecord, now: datetime
) -> None:
    today = now.astimezone(groups.group(group_id).zone).date()
    Referrer.objects.create(
        pk=referrer_id,
        group_id=group_id,
        secret_id=secret_id,
        blob=sealed.blob,
        wrap=sealed.wrap,
        listed_by=by,
        listed_at=now,
        due_on=safeguards.due_on(group_id=group_id, record="referrers", start=today),
    )
    ledger.record(by=by, about=referrer_id, at=now)


def drop_referrer(*, by: str, group_id: str, referrer_id: str, now: datetime) -> None:
    """Take somebody off the list: their codes end, and who they were cannot be read any more, in no backup either.

    :raises NotHere: nobody of this id is listed.
    """
    secret_id = _drop(by=by, group_id=group_id, referrer_id=referrer_id, now=now)
    shredstore.shred([secret_id], now=now)


@action("joining.referrer.drop")
def _drop(*, by: str, group_id: str, referrer_id: str, now: datetime) -> str:
    found = _listed(group_id, referrer_id)
    secret_id = found.secret_id
    found.delete()
    ledger.record(by=by, about=referrer_id, at=now)
    return secret_id


def _listed(group_id: str, referrer_id: str) -> Referrer:
    found = Referrer.objects.select_for_update().filter(pk=referrer_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    return found


@action("joining.referral.make")
def make_referral(*, by: str, group_id: str, referrer_id: str, now: datetime) -> str:
    """A code for a listed referrer to hand to one person; good once and for thirty days. Shown once, kept as a hash.

    :raises NotHere: nobody of this id is listed.
    """
    code = words.as_letters(words.fresh())
    made = Referral.objects.create(
        pk=new_id(),
        group_id=group_id,
        referrer=_listed(group_id, referrer_id),
        code_hash=queries.referral_hash(group_id, code),
        made_by=by,
        made_at=now,
        expires_at=now + REFERRAL_LASTS,
    )
    ledger.record(by=by, about=made.pk, at=now)
    return code


@action("joining.referral.revoke")
def revoke_referrals(*, by: str, group_id: str, referrer_id: str, now: datetime) -> None:
    """End every code of a referrer that was not used yet: a list was lost, or somebody handed them on."""
    Referral.objects.filter(referrer=_listed(group_id, referrer_id)).delete()
    ledger.record(by=by, about=referrer_id, at=now)
