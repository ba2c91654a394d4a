"""Meadow loop (low): a walk every other week. Two records are due for destruction tomorrow, one went yesterday."""

from collections.abc import Callable
from datetime import datetime, timedelta

from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.areas.venues import queries as places
from circlekeeper.demo import circle, evenings, hosts
from circlekeeper.demo.cast import JUNO, LEO
from circlekeeper.demo.chapters import Chapter, World
from circlekeeper.demo.circle import Circle, Facts, Person
from circlekeeper.foundation.permissions import RoleName

NAME = "Meadow loop"
KEPT_DAYS = 60
GONE, TOMORROW = ("Dune",), ("Brook", "Slate")
HUT = places.Card(
    booking="Walking friends",
    sign="Hut 2",
    others="A dog school on the lawn, until eleven",
    exits="The door, and the gate behind the hut",
    neutral=True,
    unheard=True,
    two_exits=True,
)
PEOPLE = (
    Person("Moss", contact={"says": "yes", "channel": "text", "address": "555 0141"}),
    Person("Pebble"),
    Person("Heath", help={"access": "A pace that lets me talk"}),
    Person("Thistle", contact={"says": "yes", "channel": "mail", "address": "thistle@example.org"}),
    Person("Robin"),
    Person("Cedar"),
    *(Person(alias) for alias in (*GONE, *TOMORROW)),
)


def chapters(world: World) -> list[Chapter]:
    """Eleven weeks of walks, and three people who left early."""
    following = world.day(2, hour=10)
    return [
        Chapter(world.ago(days=80), _found),
        Chapter(world.ago(days=79), _another_host),
        Chapter(world.ago(days=78), _open),
        Chapter(world.ago(days=74), _take_people_in),
        *(Chapter(following - timedelta(days=14 * fortnight), _hold) for fortnight in (5, 4, 3, 2, 1)),
        Chapter(world.ago(days=KEPT_DAYS + 2), _leave(GONE)),
        # Counted in days: kept for sixty, so their last one is today.
        Chapter(world.ago(days=KEPT_DAYS - 1), _leave(TOMORROW)),
    ]


def _here(world: World) -> Circle:
    return world.circles[NAME]


def _found(world: World, now: datetime) -> None:
    facts = Facts(
        NAME,
        "We walk an hour every other week, in any weather. Nobody has to talk.",
        "wellness",
        "low",
        frozenset({"in-person"}),
    )
    made = world.circles[NAME] = circle.found(world.host(LEO), facts, now=now)
    for record in ("roster", "consent", "pledge"):
        safeguards.set_period(
            by=made.leader.id, group_id=made.id, record=record, keep=f"P{KEPT_DAYS}D", answered_by="group", now=now
        )


def _open(world: World, now: datetime) -> None:
    here = _here(world)
    circle.give_words(here, but=("door-first-names",), now=now)
    evenings.plan(here, first=world.day(-68, hour=10), every="fortnight", online=False, now=now)
    evenings.meet_at(
        here, HUT, places.Told("Hut at the north gate of the park", "Follow the gravel path."), now=now
    )
    circle.publish_and_open(here, now=now)


def _take_people_in(world: World, now: datetime) -> None:
    for hours, person in enumerate(PEOPLE):
        circle.take_in(_here(world), person, deciders=(world.host(LEO),), now=now + timedelta(hours=hours))


def _hold(world: World, now: datetime) -> None:
    here = _here(world)
    present = [person.alias for person in PEOPLE[: 3 + now.day % 3]]
    evenings.hold(here, now, hosts=(world.host(LEO), world.host(JUNO)), present=present)


def _leave(aliases: tuple[str, ...]) -> Callable[[World, datetime], None]:
    def tell(world: World, now: datetime) -> None:
        here = _here(world)
        for alias in aliases:
            member = here.members[alias]
            roster.leave(by=member, group_id=here.id, member_id=member, now=now)

    return tell


def _another_host(world: World, now: datetime) -> None:
    here = _here(world)
    world.hosts[JUNO.handle] = hosts.newcomer(
        JUNO.handle, by=here.leader, place=here.id, role=RoleName.FACILITATOR, secrets=world.secrets, now=now
    )
