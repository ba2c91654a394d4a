"""Evening round (medium): open and at ease; a second leader waits for the keys, somebody waits for an answer."""

from datetime import datetime, timedelta

from circlekeeper.areas.roster import actions as roster
from circlekeeper.demo import circle, evenings, hosts
from circlekeeper.demo.cast import LEO, NOOR, ROWAN, VERA
from circlekeeper.demo.chapters import Chapter, World
from circlekeeper.demo.circle import Circle, Facts, Person
from circlekeeper.foundation.permissions import RoleName

NAME = "Evening round"
WAITS = Person("Linden", contact={"says": "yes", "channel": "call", "address": "555 0131", "voicemail": False})
LEAVES, PAUSES = "Aspen", "Juniper"
PEOPLE = (
    Person(
        "Hazel",
        contact={"says": "yes", "channel": "mail", "address": "hazel@example.org"},
        help={"person": "Tarn, my brother", "reach": "555 0120", "knows": "Everything", "naming": True},
    ),
    Person("Yarrow", contact={"says": "yes", "channel": "text", "address": "555 0121"}),
    Person("Alder", help={"area": "Upper Meadow", "number": "555 0122", "access": "A break after half an hour"}),
    Person("Clover", contact={"says": "yes", "channel": "post", "address": "Box 7, Lower Meadow"}),
    Person("Birch", help={"person": "Reed, next door", "reach": "555 0123", "knows": "That I have a group"}),
    Person("Willow", contact={"says": "yes", "channel": "mail", "address": "willow@example.org"}),
    Person(PAUSES),
    Person(LEAVES),
)


def chapters(world: World) -> list[Chapter]:
    """Seven weeks: founded, opened, four evenings, people coming and going."""
    following = world.day(1, hour=19)
    return [
        Chapter(world.ago(days=56), _found),
        Chapter(world.ago(days=52), _more_hosts),
        Chapter(world.ago(days=48), _open),
        Chapter(world.ago(days=40), _take_people_in),
        *(Chapter(following - timedelta(days=7 * week), _hold) for week in (4, 3, 2, 1)),
        Chapter(world.ago(days=12), _one_pauses),
        Chapter(world.ago(days=10), _one_leaves),
        Chapter(world.ago(days=1, hours=3), _second_leader_waits),
        Chapter(world.ago(days=1), _somebody_asks_to_join),
    ]


def _here(world: World) -> Circle:
    return world.circles[NAME]


def _found(world: World, now: datetime) -> None:
    facts = Facts(
        NAME,
        "For people who look after somebody. We talk, we listen, and we drink tea, each at home.",
        "caregiving",
        "medium",
    )
    world.circles[NAME] = circle.found(world.host(ROWAN), facts, now=now)


def _more_hosts(world: World, now: datetime) -> None:
    here = _here(world)
    role = RoleName.FACILITATOR
    hosts.ask_in(world.host(LEO), by=here.leader, place=here.id, role=role, now=now)
    world.hosts[NOOR.handle] = hosts.newcomer(
        NOOR.handle, by=here.leader, place=here.id, role=role, secrets=world.secrets, now=now
    )


def _open(world: World, now: datetime) -> None:
    here = _here(world)
    circle.give_words(here, but=("domain-healthy", "drill-held"), now=now)
    evenings.plan(here, first=world.day(-27, hour=19), every="week", online=True, now=now)
    circle.publish_and_open(here, now=now)


def _take_people_in(world: World, now: datetime) -> None:
    for hours, person in enumerate(PEOPLE):
        circle.take_in(_here(world), person, deciders=(world.host(ROWAN),), now=now + timedelta(hours=hours))


def _hold(world: World, now: datetime) -> None:
    here = _here(world)
    present = [person.alias for person in PEOPLE[: 4 + now.day % 3]]
    evenings.hold(here, now, hosts=(world.host(LEO), world.host(NOOR)), present=present)


def _one_pauses(world: World, now: datetime) -> None:
    here = _here(world)
    member = here.members[PAUSES]
    roster.pause(by=member, group_id=here.id, member_id=member, now=now)


def _one_leaves(world: World, now: datetime) -> None:
    here = _here(world)
    member = here.members[LEAVES]
    roster.leave(by=member, group_id=here.id, member_id=member, now=now)


def _second_leader_waits(world: World, now: datetime) -> None:
    here = _here(world)
    world.hosts[VERA.handle] = hosts.newcomer(
        VERA.handle,
        by=here.leader,
        place=here.id,
        role=RoleName.LEADER,
        secrets=world.secrets,
        now=now,
        keys=False,
    )


def _somebody_asks_to_join(world: World, now: datetime) -> None:
    circle.ask_to_join(_here(world), WAITS, now=now)
