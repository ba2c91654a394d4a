"""Pilot table (experimental): tries digital credentials, and is still being set up."""

from datetime import datetime

from circlekeeper.demo import circle
from circlekeeper.demo.cast import JUNO
from circlekeeper.demo.chapters import Chapter, World
from circlekeeper.demo.circle import Facts

NAME = "Pilot table"


def chapters(world: World) -> list[Chapter]:
    """Founded last week; the first things are said."""
    return [Chapter(world.ago(days=6), _found), Chapter(world.ago(days=4), _first_words)]


def _found(world: World, now: datetime) -> None:
    facts = Facts(
        NAME,
        "We try out a card on the phone that opens a door without saying who you are.",
        "other",
        "experimental",
        frozenset({"pilot"}),
    )
    world.circles[NAME] = circle.found(world.host(JUNO), facts, now=now)


def _first_words(world: World, now: datetime) -> None:
    circle.give_words(
        world.circles[NAME],
        only=("credential-choice", "playbook-known", "copies-declared", "screen-share-off"),
        now=now,
    )
