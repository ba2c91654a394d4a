"""People who sign in: their accounts, made the way real ones are."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.demo import seed
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts import queries as people
from circlekeeper.foundation.permissions import MACHINE, RoleName
from circlekeeper.foundation.vault import userkeys
from circlekeeper.foundation.vault.groupkeys import ALL, Scope
from circlekeeper.foundation.vault.ring import KeyRing

HOSTING = frozenset({Scope.DOOR, Scope.EMERGENCY})
_AT_ONCE = 2  # what foundation.vault.kdf lets through


@dataclass(frozen=True, slots=True)
class Host:
    """Someone with an account, their keys open."""

    handle: str
    id: str
    secret: userkeys.UserSecret

    @property
    def ring(self) -> KeyRing:
        """What they can open now."""
        return KeyRing(self.secret)


Secrets = dict[str, hasher.Split]


def derive(handles: Iterable[str]) -> Secrets:
    """What each passphrase gives; the slow part, once for each account."""
    wanted = list(handles)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(hasher.split, map(seed.passphrase, wanted)), strict=True))


def first(handle: str, *, secrets: Secrets, now: datetime) -> Host:
    """The machine's first account."""
    person_id = accounts.make_first_person(handle=handle, secret=secrets[handle], now=now)
    return _ready(handle, person_id, secrets, now)


def newcomer(
    handle: str,
    *,
    by: Host,
    place: str,
    role: RoleName,
    secrets: Secrets,
    now: datetime,
    keys: bool = True,
) -> Host:
    """Someone who was invited and made an account. Without ``keys`` their role waits for them."""
    asked = accounts.invite(by=by.id, place=place, role=role, cap=_cap(place), now=now)
    person_id = accounts.join_by_invitation(
        invitation_id=asked.id, code=asked.code, handle=handle, secret=secrets[handle], now=now
    )
    made = _ready(handle, person_id, secrets, now)
    accounts.finish_invitation(by=person_id, invitation_id=asked.id, now=now)
    if keys:
        give_keys(made, by=by, place=place, role=role, now=now)
    return made


def ask_in(host: Host, *, by: Host, place: str, role: RoleName, now: datetime) -> None:
    """Someone who has an account takes on another role, and is given its keys."""
    asked = accounts.invite(by=by.id, place=place, role=role, cap=_cap(place), now=now)
    accounts.take_invitation(by=host.id, invitation_id=asked.id, code=asked.code, now=now)
    accounts.finish_invitation(by=host.id, invitation_id=asked.id, now=now)
    give_keys(host, by=by, place=place, role=role, now=now)


def give_keys(host: Host, *, by: Host, place: str, role: RoleName, now: datetime) -> None:
    """Pass the keys of a group on, as far as the role reaches."""
    scopes = HOSTING if role is RoleName.FACILITATOR else ALL
    accounts.grant_keys(by=by.id, ring=by.ring, person_id=host.id, place=place, scopes=scopes, now=now)


def confirm_roles(place: str, *, by: Host, now: datetime) -> None:
    """Look at every role of a place and say that it is still needed."""
    for role in people.roles_in(place):
        accounts.confirm_role(by=by.id, role_id=role.id, now=now)


def hand_over_machine(*, by: Host, to: Host, now: datetime) -> None:
    """The first person gives the machine to someone who looks after nothing else."""
    accounts.revoke_role(by=to.id, person_id=by.id, place=MACHINE, role=RoleName.ADMINISTRATOR, now=now)


def _ready(handle: str, person_id: str, secrets: Secrets, now: datetime) -> Host:
    """A second factor and a recovery kit that was typed back."""
    secret = userkeys.unlock_with_kek(person_id, secrets[handle].kek)
    accounts.add_app(by=person_id, secret=seed.app_secret(handle), counter=0, now=now)
    kit = userkeys.new_kit(secret=secret, now=now)
    userkeys.confirm_kit(person_id=person_id, kit=kit.words, now=now)
    return Host(handle, person_id, secret)


def _cap(place: str) -> int | None:
    return None if place == MACHINE else safeguards.admin_cap(place)
