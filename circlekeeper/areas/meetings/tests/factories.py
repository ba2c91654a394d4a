"""An open group in Berlin that meets tonight at 19:00, with real keys, real members and everything that has to be said."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.joining.tests import factories as joining
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook
from circlekeeper.foundation.vault import memberkeys

BEFORE, NOW = joining.BEFORE, joining.NOW  # ten in the morning and half past six in the evening, in Berlin
STARTS = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # 19:00 in Berlin
DAY = date(2026, 11, 23)
LINK = "https://meet.example.org/velvet-sparrow-77"


@dataclass(slots=True)
class Circle(joining.Circle):
    """The group, its two leaders, its members by alias, and tonight's meeting."""

    members: dict[str, "Member"] = field(default_factory=dict)
    meeting_id: str = ""

    @property
    def here(self) -> dict[str, Any]:
        """Group and meeting, for calling actions."""
        return {"group_id": self.id, "meeting_id": self.meeting_id}

    @property
    def facts(self) -> queries.MeetingFacts:
        """Tonight's meeting now."""
        return queries.meeting(**self.here)


@dataclass(frozen=True, slots=True)
class Member:
    """A member with the key they were given."""

    id: str
    key: memberkeys.MemberKey


def circle(
    *aliases: str,
    level: str = "medium",
    overlays: tuple[str, ...] = (),
    online: bool = True,
    ready: bool = False,
    **more: Any,
) -> Circle:
    """An open group with these members and a meeting tonight; ``ready``: nothing keeps its doors closed."""
    base = joining.team(level=level, overlays=overlays)
    found = Circle(base.id, base.leader, base.second)
    plan(found, online=online, **more)
    joining.open_now(base)
    for alias in aliases:
        join(found, alias)
    if ready:
        prepare(found)
    return found


def plan(
    found: Circle,
    *,
    online: bool = True,
    every: str = "week",
    address: str | None = None,
    provider_name: str = "outside-link",
) -> str:
    """Meetings from tonight on; returns the series' id."""
    series = actions.plan_series(
        by=found.leader.id,
        group_id=found.id,
        format="online" if online else "in_person",
        provider_name=provider_name if online else "",
        address=(LINK if online else "") if address is None else address,
        first_on=DAY,
        local_time=time(19, 0),
        minutes=90,
        every=every,
        until=None,
        now=BEFORE,
    )
    found.meeting_id = queries.coming(group_ids=[found.id], now=BEFORE)[0].id
    return series


def join(found: Circle, alias: str, *, agreeing: bool = True) -> Member:
    """Someone who was taken in; ``agreeing``: they made the promise and gave the consent that is needed."""
    key = memberkeys.new_member_key()
    said = SafeContact(says=Says.NO, said_on=DAY.isoformat())
    help_ = {
        "area": "Northtown",
        "number": "112",
        "person": "",
        "reach": "",
        "when": "",
        "knows": "",
        "naming": "no",
    }
    prepared = roster.prepare(
        group_id=found.id,
        fields={"alias": {"alias": alias}, "contact": said.as_fields(), "emergency": help_},
        holder=key.raw,
        now=BEFORE,
        check_again={"emergency": date(2027, 5, 1)},
    )
    member_id = roster.enrol(by="visitor", prepared=prepared, now=BEFORE)
    if agreeing:
        agree(found, member_id, alias, key.raw)
    roster.admit(by=found.leader.id, ring=found.leader.ring, group_id=found.id, member_id=member_id, now=BEFORE)
    found.members[alias] = Member(member_id, key)
    return found.members[alias]


def agree(found: Circle, member_id: str, alias: str, raw: bytes) -> None:
    """Make the promise and give every consent."""
    texts = agreements.joining_texts(found.id)
    signature = agreements_do.prepare_signature(
        group_id=found.id,
        sha256=texts.pledge.sha256,
        now=BEFORE,
        ticked=True,
        name=f"{alias} by hand",
        alias=alias,
        said_legal=True,
        holder=raw,
    )
    agreements_do.record_joining(
        by="visitor",
        group_id=found.id,
        member_id=member_id,
        policy_version=texts.policy_version,
        answers={each.purpose: each.sha256 for each in texts.purposes},
        signature=signature,
        now=BEFORE,
    )


def prepare(found: Circle, now: datetime = NOW) -> None:
    """Say everything a person has to say, and do the five points of the checklist."""
    give_words(found)
    actions.make_links(by=found.leader.id, now=now, **found.here)
    actions.try_waiting_room(by=found.leader.id, now=now, **found.here)
    for someone, part in ((found.leader, "host"), (found.second, "cohost")):
        say_bound(found, someone.id, now=now)
        actions.assign_host(by=someone.id, person_id=someone.id, part=part, now=now, **found.here)
    say_recording(found, off=True, now=now)


def say_bound(found: Circle, *person_ids: str, now: datetime = NOW) -> None:
    """These people of the team say that they are bound by the promise."""
    for person_id in person_ids:
        agreements_do.say_bound(by=person_id, group_id=found.id, bound="pledge", mandated="no", now=now)


def give_words(found: Circle, *, but: str = "") -> None:
    """Give a word for everything that a person has to confirm."""
    for control in safeguards.posture(found.id, BEFORE).findings:
        for check in control.checks:
            if check.attested and not check.met and check.control != but:
                asked = next(
                    each for each in playbook.book().controls[check.control].check if each.id == check.check
                )
                safeguards_do.attest(
                    by=found.leader.id,
                    group_id=found.id,
                    control=check.control,
                    check=check.check,
                    proof=asked.proofs[0].value,
                    now=BEFORE,
                )


def say_recording(found: Circle, *, off: bool, now: datetime = NOW) -> None:
    """A host's word on recording."""
    actions.answer_point(
        by=found.leader.id,
        point=actions.RECORDING,
        evidence=Evidence.ATTESTED,
        holds=off,
        now=now,
        **found.here,
    )


def doors_open(*aliases: str, **more: Any) -> Circle:
    """A group whose doors are open now."""
    found = circle(*aliases, ready=True, **more)
    actions.open_doors(by=found.leader.id, now=NOW, **found.here)
    return found


def token(found: Circle, alias: str, now: datetime = NOW) -> str:
    """A fresh personal link of a member."""
    return actions.give_link(by=found.members[alias].id, now=now, **found.here)


def come(link: str, device: str = "phone", now: datetime = NOW) -> actions.Arrived:
    """Come to the door with a link."""
    return actions.arrive(by="visitor", token=link, device=device, now=now)


def wait(link: str, device: str = "phone", now: datetime = NOW) -> str:
    """Come, and take a place in the waiting room; returns the arrival's id."""
    arrival_id = come(link, device, now).arrival_id
    assert arrival_id
    return arrival_id


def let_in(found: Circle, link: str, device: str = "phone", now: datetime = NOW) -> str:
    """Come and be let in; returns the arrival's id."""
    arrival_id = wait(link, device, now)
    actions.admit(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=now)
    return arrival_id
