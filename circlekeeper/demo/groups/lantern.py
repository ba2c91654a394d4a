"""Lantern circle (high): ready but for two points, ten minutes before its meeting."""

from datetime import datetime, timedelta

from circlekeeper.areas.incidents import actions as incidents
from circlekeeper.areas.meetings import actions as evenings_do
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.demo import circle, evenings, hosts
from circlekeeper.demo.cast import IMANI, LEO, ROWAN, Part
from circlekeeper.demo.chapters import Chapter, World
from circlekeeper.demo.circle import Circle, Facts, Person
from circlekeeper.foundation.permissions import RoleName

NAME = "Lantern circle"
SMALL_ROOMS = "breakouts-watched"
WAITS = Person("Lark", help={"person": "Ash, a friend", "reach": "555 0107", "knows": "That I meet people"})
PEOPLE = (
    Person(
        "Wren",
        contact={"says": "at-times", "channel": "text", "address": "555 0111", "start": "10:00", "end": "14:00"},
        help={"person": "Ash, a neighbour", "reach": "555 0101", "knows": "Nothing about the group"},
    ),
    Person("Sparrow", help={"area": "Lower Meadow, near the mill", "number": "555 0102"}),
    Person(
        "Fern",
        contact={"says": "yes", "channel": "mail", "address": "fern@example.org"},
        help={"person": "Bay, a sister", "reach": "555 0103", "knows": "Everything", "naming": True},
    ),
    Person("River", help={"area": "The old quay", "number": "555 0104", "access": "Captions, please"}),
    Person("Ember", help={"person": "Flint, a friend", "reach": "555 0105", "knows": "That I meet people"}),
    Person("Sage", help={"area": "Hill end", "number": "555 0106"}),
)


def chapters(world: World) -> list[Chapter]:
    """A slow and careful beginning, three evenings, and today."""
    tonight = starts_at(world.now)
    return [
        Chapter(world.ago(days=100), _found),
        Chapter(world.ago(days=97), _second_key_holder),
        Chapter(world.ago(days=84), _another_host),
        Chapter(world.ago(days=36), _get_ready),
        Chapter(world.ago(days=34), _open),
        Chapter(world.ago(days=30), _take_people_in),
        *(Chapter(tonight - timedelta(days=7 * week), _hold) for week in (3, 2, 1)),
        Chapter(tonight - timedelta(days=7) + timedelta(hours=2), _a_phone_on_the_table),
        Chapter(world.ago(days=6, hours=20), _open_a_record),
        Chapter(world.ago(days=20), _set_one_thing_aside),
        Chapter(world.ago(days=9), _somebody_asks_to_join),
        Chapter(world.ago(days=6), _first_yes),
        Chapter(world.ago(hours=2), _prepare_tonight),
        Chapter(world.ago(minutes=15), _see_the_recording_light),
    ]


def starts_at(now: datetime) -> datetime:
    """Tonight's meeting: the next full minute that is at least ten minutes away."""
    away = now + timedelta(minutes=10)
    return away if away.second == 0 else away.replace(second=0) + timedelta(minutes=1)


def _here(world: World) -> Circle:
    return world.circles[NAME]


def _found(world: World, now: datetime) -> None:
    facts = Facts(
        NAME,
        "A small group that meets online once a week. People come under a name they choose, and leave when they like.",
        "survivors",
        "high",
        frozenset({"survivors"}),
    )
    made = world.circles[NAME] = circle.found(world.host(ROWAN), facts, now=now)
    # What nobody looked at since has gone stale by now.
    circle.give_words(made, binding=False, but=("audit-held", "culture-asked"), now=now)


def _second_key_holder(world: World, now: datetime) -> None:
    _comes(world, IMANI, RoleName.PRIVACY_LEAD, now)


def _another_host(world: World, now: datetime) -> None:
    _comes(world, LEO, RoleName.FACILITATOR, now)


def _comes(world: World, part: Part, role: RoleName, now: datetime) -> None:
    here = _here(world)
    world.hosts[part.handle] = hosts.newcomer(
        part.handle, by=here.leader, place=here.id, role=role, secrets=world.secrets, now=now
    )


def _get_ready(world: World, now: datetime) -> None:
    here = _here(world)
    hosts.confirm_roles(here.id, by=here.leader, now=now)
    circle.give_words(here, binding=True, now=now)
    evenings.plan(here, first=starts_at(world.now) - timedelta(days=21), every="week", online=True, now=now)


def _open(world: World, now: datetime) -> None:
    circle.publish_and_open(_here(world), now=now)


def _take_people_in(world: World, now: datetime) -> None:
    for hours, person in enumerate(PEOPLE):
        deciders = (world.host(ROWAN), world.host(IMANI))
        circle.take_in(_here(world), person, deciders=deciders, now=now + timedelta(hours=hours))


def _hold(world: World, now: datetime) -> None:
    present = [person.alias for person in PEOPLE[: 4 + now.day % 3]]
    lately = world.now - now < timedelta(days=8)
    evenings.hold(_here(world), now, hosts=(world.host(ROWAN), world.host(LEO)), present=present, spoken=lately)


def _a_phone_on_the_table(world: World, now: datetime) -> None:
    """Something happened that nobody has dealt with yet, and the card for it was used before."""
    here, last = _here(world), meetings.past(group_id=_here(world).id, now=now, limit=1)[0]
    incidents.draft(
        by=world.host(LEO).id,
        group_id=here.id,
        meeting_id=last.id,
        kind="recording",
        words="A phone lay on the table with its light on. A host asked, and it was put away. Nobody knows since when.",
        now=now,
    )
    for helped in (True, True, True, False, True):
        evenings_do.count_card(by="system", group_id=here.id, card="recording-request", helped=helped, now=now)


def _open_a_record(world: World, now: datetime) -> None:
    here = _here(world)
    roster.open_record(
        by=world.host(LEO).id,
        group_id=here.id,
        member_id=here.members["Wren"],
        name="emergency",
        reason="missing",
        sentence="Wren left in the middle of a sentence and did not come back.",
        now=now,
    )


def _set_one_thing_aside(world: World, now: datetime) -> None:
    here = _here(world)
    circle.take_words_back(here, control=SMALL_ROOMS, now=now)
    asked = safeguards.ask_waiver(
        by=world.host(ROWAN).id,
        group_id=here.id,
        control=SMALL_ROOMS,
        reason="person-away",
        until=now + timedelta(days=28),
        now=now,
    )
    safeguards.approve_waiver(by=world.host(IMANI).id, waiver_id=asked, now=now)


def _somebody_asks_to_join(world: World, now: datetime) -> None:
    circle.ask_to_join(_here(world), WAITS, now=now)


def _first_yes(world: World, now: datetime) -> None:
    here = _here(world)
    application = circle.application_of(here, WAITS.alias)
    circle.note_call(here, application, now=now)
    circle.vote_yes(here, world.host(ROWAN), application, now=now)


def _prepare_tonight(world: World, now: datetime) -> None:
    here = _here(world)
    tonight = evenings.at(here, starts_at(world.now))
    evenings.prepare(here, tonight, hosts=(world.host(ROWAN), world.host(LEO)), now=now)
    # The first thing that is missing: the second host has not said yes.
    evenings.confirm(here, tonight, world.host(ROWAN), now=now)


def _see_the_recording_light(world: World, now: datetime) -> None:
    here = _here(world)
    tonight = evenings.at(here, starts_at(world.now))
    # The second: a host looked, and something was recording.
    evenings.look_at_recording(here, tonight, world.host(ROWAN), off=False, now=now)
