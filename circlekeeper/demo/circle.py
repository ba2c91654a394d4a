"""What happens in any group: it is founded, says what holds, opens, and takes people in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.joining import actions as joining_do
from circlekeeper.areas.joining import queries as joining
from circlekeeper.areas.joining import rules as joining_rules
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.demo import seed
from circlekeeper.demo.hosts import Host
from circlekeeper.foundation import playbook
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import memberkeys

ZONE = "UTC"  # the only one that names no place


@dataclass(slots=True)
class Circle:
    """A group of the story while it is told: its people by handle, its members by alias."""

    id: str
    leader: Host
    members: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a group is made with."""

    name: str
    about: str
    purpose: str
    level: str
    overlays: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody writes when they ask to join."""

    alias: str
    contact: Mapping[str, Any] = field(default_factory=lambda: {"says": "no"})
    help: Mapping[str, Any] = field(default_factory=dict)


def found(leader: Host, facts: Facts, *, now: datetime) -> Circle:
    """Make a group and write its level down."""
    made = groups.create_group(
        by=leader.id,
        public_name=facts.name,
        about=facts.about,
        purpose=facts.purpose,
        time_zone=ZONE,
        level=facts.level,
        overlays=facts.overlays,
        playbook_version=playbook.book().version,
        now=now,
    )
    safeguards_do.decide_first_level(by=leader.id, group_id=made.id, now=now)
    return Circle(made.id, leader)


def give_words(
    circle: Circle,
    *,
    now: datetime,
    by: Host | None = None,
    only: Collection[str] = (),
    but: Collection[str] = (),
    binding: bool | None = None,
) -> None:
    """Confirm what a person has to confirm and nobody has yet.

    ``only`` and ``but`` name controls; ``binding`` picks those that keep a door closed (or those that do not).
    """
    for check in _unsaid(circle.id, now):
        if (only and check.control not in only) or check.control in but:
            continue
        if binding is None or (check.gate != "watch" and check.standing != "suggested") == binding:
            safeguards_do.attest(
                by=(by or circle.leader).id,
                group_id=circle.id,
                control=check.control,
                check=check.check,
                proof=_proof(check),
                now=now,
            )


def _unsaid(group_id: str, now: datetime) -> Iterable[safeguards.CheckFinding]:
    found = safeguards.posture(group_id, now).findings
    return [check for control in found for check in control.checks if check.attested and not check.met]


def _proof(wanted: safeguards.CheckFinding) -> str:
    asked = next(each for each in playbook.book().controls[wanted.control].check if each.id == wanted.check)
    return asked.proofs[0].value


def take_words_back(circle: Circle, *, control: str, now: datetime) -> None:
    """Say no longer that something holds."""
    for word in safeguards.attestations(circle.id):
        if word.control == control and word.withdrawn_at is None:
            safeguards_do.withdraw_attestation(by=circle.leader.id, attestation_id=word.id, now=now)


def publish_and_open(circle: Circle, *, now: datetime) -> None:
    """Publish every text and open the group."""
    agreements_do.publish_all(by=circle.leader.id, group_id=circle.id, now=now)
    safeguards_do.open_group(by=circle.leader.id, group_id=circle.id, now=now)


def ask_to_join(circle: Circle, person: Person, *, now: datetime) -> str:
    """Somebody reads, answers the four pages and makes the promise; returns the application's id."""
    key = seed.member_key(person.alias)
    texts = agreements.joining_texts(circle.id)
    draft = joining_do.Draft(
        form=new_id(),
        key=key,
        begun_at=now.isoformat(),
        answers={
            joining_rules.Step.NAME: {"alias": person.alias},
            joining_rules.Step.CONTACT: dict(person.contact),
            joining_rules.Step.HELP: dict(person.help),
        },
    )
    agreed = {
        each.purpose: each.sha256 for each in texts.purposes if each.needed or person.contact["says"] != "no"
    }
    form = {"pledge": True, "signature": person.alias}
    joining_do.apply(group_id=circle.id, draft=draft, form=form, texts=texts, agreed=agreed, now=now)
    member = roster.by_key(memberkeys.parse_member_key(key))
    if member is None:
        raise LookupError("the member whose key this is")
    circle.members[person.alias] = member.id
    return application_of(circle, person.alias)


def application_of(circle: Circle, alias: str) -> str:
    """The open application of somebody who waits."""
    waiting = joining.waiting(circle.id)
    return next(each.id for each in waiting if each.member_id == circle.members[alias])


def take_in(circle: Circle, person: Person, *, deciders: Iterable[Host], now: datetime) -> None:
    """Ask to join, and be taken in some days later the way the level asks for."""
    application = ask_to_join(circle, person, now=now - timedelta(days=2))
    met = circle.members[person.alias]
    if safeguards.settings_for(circle.id).value("intake-path") == "contact-proven":
        code = joining_do.make_code(by=circle.leader.id, group_id=circle.id, application_id=application, now=now)
        joining_do.prove_contact(by=met, group_id=circle.id, code=code, now=now)
    else:
        note_call(circle, application, now=now)
    for host in deciders:
        vote_yes(circle, host, application, now=now)


def note_call(circle: Circle, application: str, *, now: datetime) -> None:
    """The leader spoke with them, and it fits."""
    joining_do.note_call(
        by=circle.leader.id, group_id=circle.id, application_id=application, outcome="yes", now=now
    )


def vote_yes(circle: Circle, host: Host, application: str, *, now: datetime) -> None:
    """One person's yes."""
    joining_do.vote(
        by=host.id,
        ring=host.ring,
        group_id=circle.id,
        application_id=application,
        yes=True,
        reason="fits",
        now=now,
    )
