"""Groups with an access lead, a facilitator and members who hold their own key."""

from dataclasses import dataclass

from circlekeeper.areas.joining import actions as joining_do
from circlekeeper.areas.joining import queries as joining
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import BEFORE, NOW, Circle
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys, memberkeys
from circlekeeper.foundation.vault.groupkeys import Scope

__all__ = ["NOW", "Circle", "Owner", "circle", "lead", "member", "person"]


@dataclass(frozen=True, slots=True)
class Owner:
    """A member with the key that only they have, as typed and raw."""

    id: str
    key: str
    holder: bytes


def circle(level: str = "low") -> Circle:
    """An open group."""
    return factories.circle(level=level)


def person(found: Circle, role: RoleName, *scopes: Scope) -> Someone:
    """Somebody with a role and keys for these parts."""
    made = people.person(f"{role.value[:6]}-{new_id()[:6]}")
    accounts.grant_role(by=found.leader.id, person_id=made.id, place=found.id, role=role, now=BEFORE, keyed=True)
    groupkeys.grant(ring=found.leader.ring, group_id=found.id, to=made.id, scopes=frozenset(scopes), now=BEFORE)
    return made


def lead(found: Circle) -> Someone:
    """Somebody who arranges access, and holds nothing else."""
    return person(found, RoleName.ACCESS_LEAD, Scope.ACCESS)


def member(found: Circle, alias: str = "Wren", **about: str) -> Owner:
    """Somebody who joined a group that asks for a form only."""
    made = factories.ask(found, factories.filled(alias, about=factories.SAFE | about))
    (waiting,) = joining.waiting(found.id)
    joining_do.vote(
        by=found.leader.id,
        ring=found.leader.ring,
        group_id=found.id,
        application_id=waiting.id,
        yes=True,
        reason="fits",
        now=NOW,
    )
    holder = memberkeys.parse_member_key(made.key)
    known = roster.by_key(holder)
    assert known is not None
    return Owner(known.id, made.key, holder)
