"""Making an account, its passphrase, its way back. Slow derivations (``hasher.split``) come before, never inside."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.accounts import events, hasher, queries, rules, sessionstore
from circlekeeper.foundation.accounts.actions import invitations, roles
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import MACHINE, RoleName
from circlekeeper.foundation.vault import sessions, shredstore, userkeys


class HandleTaken(Refused):
    """Someone has this handle, or it has letters a handle may not have."""

    def __init__(self) -> None:
        super().__init__(
            _("Pick another name: this one is taken, or has signs other than letters, digits, dots and hyphens."),
            field="handle",
        )


class AlreadySetUp(Refused):
    """The machine has an account; the set-up code is gone."""

    def __init__(self) -> None:
        super().__init__(_("This place is set up already. Sign in, or ask a leader to invite you."))


@action("accounts.machine.set-up")
def make_first_person(*, handle: str, secret: hasher.Split, now: datetime) -> str:
    """Make the first account, the machine's administrator; returns its id. The caller has checked the set-up code.

    :raises AlreadySetUp: someone was first.
    :raises HandleTaken: see there.
    """
    person_id = new_id()
    # First the log line: whoever else tries the same waits for it, and then sees our row.
    ledger.record(by=person_id, about=person_id, at=now)
    if queries.someone_exists():
        raise AlreadySetUp
    _make(person_id, handle, secret, now)
    roles.grant_role(by=person_id, person_id=person_id, place=MACHINE, role=RoleName.ADMINISTRATOR, now=now)
    return person_id


@action("accounts.person.join")
def join_by_invitation(*, invitation_id: str, code: str, handle: str, secret: hasher.Split, now: datetime) -> str:
    """Make the account of someone who was invited; returns its id. One invitation makes one account.

    :raises invitations.InvitationOver: see there.
    :raises HandleTaken: see there.
    """
    person_id = new_id()
    ledger.record(by=person_id, about=person_id, at=now)
    _make(person_id, handle, secret, now)
    row = queries.invitation(invitation_id, now=now)
    if row is None or row.taken_by:
        raise invitations.InvitationOver
    invitations.take_invitation(by=person_id, invitation_id=invitation_id, code=code, now=now)
    return person_id


@action("accounts.passphrase.change")
def change_passphrase(
    *,
    by: str,
    opened: userkeys.UserSecret,
    secret: hasher.Split,
    now: datetime,
    keep_session: str | None = None,
) -> None:
    """Put the person ``by`` under a new passphrase and end their other sessions.

    ``opened``: their secret, opened with the old passphrase. ``keep_session``: the session cookie that stays.
    """
    _new_passphrase(by, opened, secret, now)
    ledger.record(by=by, about=by, at=now)
    _close(by, keep_session)


@action("accounts.passphrase.renew")
def renew_passphrase(*, opened: userkeys.UserSecret, secret: hasher.Split, now: datetime) -> None:
    """Store the same passphrase at another cost; sessions stay."""
    _new_passphrase(opened.person_id, opened, secret, now)
    ledger.record(by=opened.person_id, about=opened.person_id, at=now)


@action("accounts.person.recover")
def recover(*, opened: userkeys.UserSecret, secret: hasher.Split, now: datetime) -> None:
    """A person came back with their recovery kit and a second factor: new passphrase, every session ended.

    The other leaders of each of their places are told (``events.AccountRecovered``).
    """
    person_id = opened.person_id
    _new_passphrase(person_id, opened, secret, now)
    ledger.record(by=person_id, about=person_id, at=now)
    _close(person_id, None)
    for place in queries.roles_of(person_id):
        announce.announce(events.AccountRecovered(person_id, place, now), now=now)


@action("accounts.person.renew")
def renew_person(*, by: str, person_id: str, secret: hasher.Split, now: datetime) -> userkeys.UserSecret:
    """A new passphrase and a new key pair for somebody whose old ones are lost, or known to somebody else.

    Every session ends, the kit is to be made anew, and grants sealed to the old keys open no more: whoever calls this sees
    to the grants. A tombstone keeps an old backup from bringing the old passphrase back.

    :raises NotHere: no such open account.
    """
    ledger.record(by=by, about=person_id, at=now)
    if not Person.objects.filter(pk=person_id, is_active=True).update(password=secret.stored):
        raise NotHere
    fresh = userkeys.renew_person_keys(person_id=person_id, kek=secret.kek, now=now)
    shredstore.remember("passphrase", person_id, now=now)
    _close(person_id, None)
    return fresh


@action("accounts.sessions.close")
def close_other_sessions(*, by: str, keep_session: str | None, now: datetime) -> int:
    """End every session of the person ``by`` but the one of this cookie, and all their opened keys."""
    ledger.record(by=by, about=by, at=now)
    return _close(by, keep_session)


@action("accounts.sessions.end")
def end_sessions(*, by: str, person_id: str, now: datetime) -> int:
    """End every session and every opened key of somebody else: they left, or were made to. Returns how many sessions."""
    ledger.record(by=by, about=person_id, at=now)
    return _close(person_id, None)


@action("accounts.person.suspend")
def suspend(*, by: str, person_id: str, now: datetime) -> None:
    """Close an account: no sign-in, no role, no session. Keys granted to it are revoked by each place's own actions.

    :raises NotHere: no such open account.
    """
    ledger.record(by=by, about=person_id, at=now)
    if not Person.objects.filter(pk=person_id, is_active=True).update(is_active=False):
        raise NotHere
    shredstore.remember("account", person_id, now=now)
    for place, held in queries.roles_of(person_id).items():
        for role in held:
            roles.revoke_role(by=by, person_id=person_id, place=place, role=role, now=now)
    _close(person_id, None)


def _make(person_id: str, handle: str, secret: hasher.Split, now: datetime) -> None:
    tidy = rules.tidy_handle(handle)
    if not rules.handle_is_fine(tidy):
        raise HandleTaken
    try:
        with transaction.atomic():
            Person.objects.create(pk=person_id, handle=tidy, password=secret.stored, joined_at=now)
    except IntegrityError as taken:
        raise HandleTaken from taken
    # The kit made here is not shown: the person makes and types back their own on the kit page.
    userkeys.make_person_keys(person_id=person_id, kek=secret.kek, now=now)


def _new_passphrase(person_id: str, opened: userkeys.UserSecret, secret: hasher.Split, now: datetime) -> None:
    if opened.person_id != person_id:
        raise NotHere
    Person.objects.filter(pk=person_id).update(password=secret.stored)
    userkeys.change_kek(secret=opened, kek=secret.kek, now=now)


def close_everywhere(person_id: str) -> int:
    """End every session and opened key of a person. Call it inside an action; returns how many sessions."""
    return _close(person_id, None)


def _close(person_id: str, keep_session: str | None) -> int:
    sessions.close_all(person_id)
    return sessionstore.close_all(person_id, but=keep_session)
