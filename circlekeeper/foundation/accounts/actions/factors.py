"""Second factors come and go with a line in the log. Without any, every role rests (TEC11)."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from django.utils.translation import gettext as _

from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import factors, queries
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere


@action("accounts.factor.add-app")
def add_app(*, by: str, secret: str, counter: int, now: datetime) -> Authenticator:
    """Make the authenticator app whose ``secret`` was just proved at ``counter`` the person's own, in place of any older."""
    ledger.record(by=by, about=by, at=now)
    Authenticator.objects.filter(user_id=by, type=Authenticator.Type.TOTP).delete()
    with factors.secrets_of(by):
        sealed = {"secret": encrypt(secret), factors.LAST_COUNTER: counter}
    row = Authenticator.objects.create(user_id=by, type=Authenticator.Type.TOTP, created_at=now, data=sealed)
    _spare_codes(by)
    return row


@action("accounts.factor.add-passkey")
def add_passkey(*, by: str, credential: dict[str, Any], now: datetime) -> Authenticator:
    """Keep a passkey whose registration was checked. It gets a number for a name: names people type say too much."""
    ledger.record(by=by, about=by, at=now)
    number = Authenticator.objects.filter(user_id=by, type=Authenticator.Type.WEBAUTHN).count() + 1
    row = Authenticator.objects.create(
        user_id=by,
        type=Authenticator.Type.WEBAUTHN,
        created_at=now,
        data={"name": _("Passkey %d") % number, "credential": credential},
    )
    _spare_codes(by)
    return row


@action("accounts.factor.remove")
def remove_factor(*, by: str, factor_id: int, now: datetime) -> None:
    """Take away one of the person's own factors; with the last real one the spare codes go too.

    :raises NotHere: it is not theirs.
    """
    ledger.record(by=by, about=by, at=now)
    mine = Authenticator.objects.filter(user_id=by)
    if not mine.filter(pk=factor_id, type__in=queries.REAL_FACTORS).delete()[0]:
        raise NotHere
    if not queries.has_factor(by):
        mine.delete()


@action("accounts.factor.drop")
def drop_factors(*, by: str, person_id: str, now: datetime) -> None:
    """Take away every second factor of somebody who lost them or whose thief set them; every role rests until a new one."""
    ledger.record(by=by, about=person_id, at=now)
    Authenticator.objects.filter(user_id=person_id).delete()


@action("accounts.factor.new-codes")
def new_spare_codes(*, by: str, now: datetime) -> None:
    """Make ten new spare codes; the old ones no longer work.

    :raises NotHere: there is no factor for them to stand in for.
    """
    ledger.record(by=by, about=by, at=now)
    if not queries.has_factor(by):
        raise NotHere
    Authenticator.objects.filter(user_id=by, type=Authenticator.Type.RECOVERY_CODES).delete()
    _spare_codes(by)


def _spare_codes(person_id: str) -> None:
    with factors.secrets_of(person_id):
        RecoveryCodes.activate(Person.objects.get(pk=person_id))
