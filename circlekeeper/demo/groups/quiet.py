"""Quiet room (professional): everything is ready, and it stays closed until the adviser says how long to keep records."""

from datetime import datetime

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.demo import circle, evenings, hosts
from circlekeeper.demo.cast import IMANI, NOOR
from circlekeeper.demo.chapters import Chapter, World
from circlekeeper.demo.circle import Circle, Facts
from circlekeeper.foundation.permissions import RoleName

NAME = "Quiet room"


def chapters(world: World) -> list[Chapter]:
    """Two weeks of getting ready."""
    return [
        Chapter(world.ago(days=15), _found),
        Chapter(world.ago(days=13), _second_key_holder),
        Chapter(world.ago(days=8), _get_ready),
    ]


def _here(world: World) -> Circle:
    return world.circles[NAME]


def _found(world: World, now: datetime) -> None:
    facts = Facts(
        NAME,
        "A group led by a professional, who is bound to keep silent. Eight evenings, with the same people each time.",
        "illness",
        "professional",
        frozenset({"clinicians"}),
    )
    world.circles[NAME] = circle.found(world.host(NOOR), facts, now=now)


def _second_key_holder(world: World, now: datetime) -> None:
    here = _here(world)
    hosts.ask_in(world.host(IMANI), by=here.leader, place=here.id, role=RoleName.PRIVACY_LEAD, now=now)


def _get_ready(world: World, now: datetime) -> None:
    here = _here(world)
    circle.give_words(here, now=now)
    evenings.plan(here, first=world.day(9, hour=18), every="week", online=True, now=now)
    agreements.publish_all(by=here.leader.id, group_id=here.id, now=now)
