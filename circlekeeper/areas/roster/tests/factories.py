"""Members of real groups with real keys, made through the actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.models import State
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.foundation import guard, playbook
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys, memberkeys, userkeys
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

KEK = bytes(range(32))
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SENTENCE = "She did not come and does not answer."


@dataclass(frozen=True, slots=True)
class Someone:
    """A member with the key they were given."""

    id: str
    group_id: str
    key: bytes

    def own(self) -> queries.OwnRecord:
        """Their record as they see it."""
        return queries.own_record(member_id=self.id, group_id=self.group_id, holder=self.key)


def person() -> str:
    """A person with keys. Returns their id."""
    with guard.outside_action("test data"):
        made = Person.objects.create(handle=new_id(), joined_at=NOW)
        userkeys.make_person_keys(person_id=made.pk, kek=KEK, now=NOW)
    return made.pk


def ring(person_id: str) -> KeyRing:
    """The open keys of a person of ours."""
    return KeyRing(userkeys.unlock_with_kek(person_id, KEK))


def group(*, level: str = "medium", by: str = "") -> tuple[str, str]:
    """A draft group with keys and a level; its id and its leader's."""
    leader = by or person()
    made = groups.create_group(
        by=leader,
        public_name="Thursday circle",
        purpose="circle",
        time_zone="Europe/London",
        level=level,
        overlays=[],
        playbook_version=playbook.book().version,
        now=NOW,
    )
    safeguards.decide_first_level(by=leader, group_id=made.id, now=NOW)
    return made.id, leader


def helper(
    group_id: str, leader: str, *, role: RoleName = RoleName.FACILITATOR, scopes: frozenset[Scope] | None = None
) -> str:
    """Another person with a role and keys of the group: door and emergency, unless said otherwise."""
    other = person()
    accounts.grant_role(by=leader, person_id=other, place=group_id, role=role, now=NOW)
    keys = frozenset({Scope.DOOR, Scope.EMERGENCY}) if scopes is None else scopes
    if keys:
        groupkeys.grant(ring=ring(leader), group_id=group_id, to=other, scopes=keys, now=NOW)
    return other


def applicant(
    group_id: str,
    alias: str = "Wren",
    *,
    contact: SafeContact | None = None,
    more: Mapping[str, dict[str, Any]] | None = None,
    key: bytes | None = None,
    now: datetime = NOW,
) -> Someone:
    """Someone who asked to join."""
    raw = key or memberkeys.new_member_key().raw
    said = contact or SafeContact(
        says=Says.YES,
        channel="mail",
        address="wren@example.org",
        said_on="2026-11-23",
        check_again_on="2027-02-21",
    )
    fields = {"alias": {"alias": alias}, "contact": said.as_fields(), **(more or {})}
    prepared = actions.prepare(group_id=group_id, fields=fields, holder=raw, now=now)
    member_id = actions.enrol(by="visitor", prepared=prepared, now=now)
    return Someone(member_id, group_id, raw)


def member(group_id: str, leader: str, alias: str = "Wren", **applied: Any) -> Someone:
    """Someone who joined."""
    made = applicant(group_id, alias, **applied)
    actions.admit(by=leader, ring=ring(leader), group_id=group_id, member_id=made.id, now=applied.get("now", NOW))
    return made


def put_state(member_id: str, state: State) -> None:
    """Put a row into a state without its action."""
    from circlekeeper.areas.roster.models import Member

    with guard.outside_action("test data"):
        Member.objects.filter(pk=member_id).update(state=state)
