"""Groups with published texts, members who agreed, and sources of facts."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from circlekeeper.areas.agreements import actions, queries, sources
from circlekeeper.areas.agreements.sources import FieldFact, PlatformFact
from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.foundation import guard, playbook
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import userkeys
from circlekeeper.foundation.vault.ring import KeyRing

KEK = bytes(range(32))
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALIAS = FieldFact("What shall we call you?", "So that others can talk to you.", required=True)
REACH = FieldFact("How may we reach you?", "So that we can tell you when a meeting moves.", required=False)


@contextmanager
def connected(
    *,
    fields: Iterable[FieldFact] = (ALIAS,),
    platforms: Iterable[PlatformFact] = (),
    members: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Connect sources that give these facts for a while."""
    asked, used, there = list(fields), list(platforms), frozenset(members)
    before = replace(sources._board)
    called = dict(names or {})
    sources.install(
        fields=lambda group_id: asked,
        platforms=lambda group_id: used,
        members=lambda group_id: there,
        names=lambda **asked_for: {one: called[one] for one in asked_for["member_ids"] if one in called},
    )
    try:
        yield
    finally:
        sources._board = before


def person() -> str:
    """A person with keys. Returns their id."""
    with guard.outside_action("test data"):
        made = Person.objects.create(handle=new_id(), joined_at=NOW)
        userkeys.make_person_keys(person_id=made.pk, kek=KEK, now=NOW)
    return made.pk


def ring(person_id: str) -> KeyRing:
    """The open keys of a person of ours."""
    return KeyRing(userkeys.unlock_with_kek(person_id, KEK))


def group(*, level: str = "medium", by: str = "") -> str:
    """A draft group with keys and a level. Returns its id."""
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
    return made.id


def published(*, level: str = "medium", by: str = "") -> str:
    """A group with every text published. Sources must be connected. Returns its id."""
    group_id = group(level=level, by=by)
    actions.publish_all(by="alice", group_id=group_id, now=NOW)
    return group_id


def signature(
    group_id: str, *, name: str = "Wren", legal: bool = False, now: datetime = NOW, holder: bytes | None = None
) -> actions.Signature:
    """A good signature to the promise in force."""
    text = queries.joining_texts(group_id)
    return actions.prepare_signature(
        group_id=group_id,
        sha256=text.pledge.sha256,
        now=now,
        ticked=True,
        name=name,
        alias="Wren",
        said_legal=legal,
        holder=holder,
    )


def join(
    group_id: str,
    *,
    agreeing: Iterable[str] = ("join",),
    name: str = "Wren",
    now: datetime = NOW,
    holder: bytes | None = None,
) -> str:
    """A member who joined now, agreeing to these purposes. Returns their id."""
    member_id = new_id()
    texts = queries.joining_texts(group_id)
    hashes = {each.purpose: each.sha256 for each in texts.purposes}
    actions.record_joining(
        by=member_id,
        group_id=group_id,
        member_id=member_id,
        policy_version=texts.policy_version,
        answers={purpose: hashes[purpose] for purpose in agreeing},
        signature=signature(group_id, name=name, legal=True, now=now, holder=holder),
        now=now,
    )
    return member_id
