"""Asking someone in: an address and a code to hand over, good once and for a week. We mail neither."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries, rules
from circlekeeper.foundation.accounts.actions import roles
from circlekeeper.foundation.accounts.models import Invitation
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import RoleName


class InvitationOver(Refused):
    """The invitation is used, withdrawn or too old, or the code is not its code. Which one is not said."""

    def __init__(self) -> None:
        super().__init__(
            _("This invitation cannot be used. Check the code letter by letter, or ask for a new invitation."),
            field="code",
        )


class NotReady(Refused):
    """A second factor or the checked recovery kit is missing."""

    def __init__(self) -> None:
        super().__init__(_("Finish your second factor and your recovery kit first."))


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation. ``code`` is shown once and not kept; ``path`` is the address to open, without the code."""

    id: str
    path: str
    code: str
    expires_at: datetime


@action("accounts.invitation.make")
def invite(*, by: str, place: str, role: RoleName, now: datetime, cap: int | None = None) -> Invited:
    """Open a place for one person.

    :raises roles.TooMany: leaders and privacy leads, with open invitations, are as many as ``cap``.
    """
    made_id, code = new_id(), rules.new_code()
    ledger.record(by=by, about=made_id, at=now)
    roles.check_cap(place=place, role=role, newcomer=None, cap=cap, now=now)
    made = Invitation.objects.create(
        pk=made_id,
        token_hash=_hash(made_id, code),
        place=place,
        role=role,
        made_by=by,
        made_at=now,
        expires_at=now + rules.INVITATION_LASTS,
    )
    return Invited(id=made.pk, path=f"/invited/{made.pk}/", code=code, expires_at=made.expires_at)


@action("accounts.invitation.withdraw")
def withdraw_invitation(*, by: str, invitation_id: str, place: str, now: datetime) -> None:
    """Close an invitation before it is finished.

    :raises InvitationOver: it is not open, or not of this place.
    """
    open_ones = Invitation.objects.filter(
        pk=invitation_id, place=place, used_at__isnull=True, withdrawn_at__isnull=True
    )
    if not open_ones.update(withdrawn_at=now):
        raise InvitationOver
    ledger.record(by=by, about=invitation_id, at=now)


@action("accounts.invitation.take")
def take_invitation(*, by: str, invitation_id: str, code: str, now: datetime) -> None:
    """Reserve the invitation for the person ``by``; the role comes with ``finish_invitation``.

    :raises InvitationOver: see there.
    """
    if not code_opens(invitation_id=invitation_id, code=code, now=now):
        raise InvitationOver
    ledger.record(by=by, about=invitation_id, at=now)
    if not Invitation.objects.filter(pk=invitation_id, taken_by__in=("", by)).update(taken_by=by):
        raise InvitationOver


@action("accounts.invitation.finish")
def finish_invitation(*, by: str, invitation_id: str, now: datetime) -> None:
    """Give the person ``by`` the role; it waits for keys until someone calls ``grant_keys``.

    :raises InvitationOver: it is not open, or someone else took it.
    :raises NotReady: no second factor (TEC11), or the kit was not typed back.
    """
    row = queries.invitation(invitation_id, now=now)
    ledger.record(by=by, about=invitation_id, at=now)
    if row is None or row.taken_by != by:
        raise InvitationOver
    if not queries.kit_checked(by) or not queries.has_factor(by):
        raise NotReady
    Invitation.objects.filter(pk=invitation_id).update(used_at=now)
    # The inviter answers for the role, so the line of the role names them.
    roles.grant_role(by=row.made_by, person_id=by, place=row.place, role=row.role, now=now, keyed=False)


def code_opens(*, invitation_id: str, code: str, now: datetime) -> bool:
    """Whether this code opens this invitation now. The caller limits how often it may be tried."""
    row = Invitation.objects.filter(
        pk=invitation_id, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    ).first()
    expected = bytes(row.token_hash) if row else b"\0" * 32
    return hmac.compare_digest(_hash(invitation_id, code), expected)


def _hash(invitation_id: str, code: str) -> bytes:
    # The code holds 124 random bits, so a fast hash is enough.
    text = f"{invitation_id}:{rules.tidy_code(code)}"
    return hashlib.blake2b(text.encode(), digest_size=32, person=b"ck-invitation").digest()
