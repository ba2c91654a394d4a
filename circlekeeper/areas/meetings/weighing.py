"""Weighing the ways to meet against what could happen to the people who come (TEC1). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

IN_PERSON, ONLINE, PHONE, HYBRID = "in_person", "online", "phone", "hybrid"
WAYS = (IN_PERSON, ONLINE, PHONE, HYBRID)
QUESTIONS = ("bill", "overheard", "seen", "known", "camera", "offline", "captions", "far")
ANSWERS = ("yes", "no", "dont-know")

# What speaks against a way, and how much, when a question is not answered with a clear no.
_AGAINST: Mapping[str, Mapping[str, int]] = {
    "bill": {PHONE: 4, HYBRID: 1},
    "overheard": {ONLINE: 2, PHONE: 3, HYBRID: 2},
    "seen": {IN_PERSON: 4, HYBRID: 3},
    "known": {IN_PERSON: 5, HYBRID: 5},
    "camera": {ONLINE: 1, HYBRID: 2},
    "offline": {ONLINE: 3, HYBRID: 1},
    "captions": {PHONE: 4, IN_PERSON: 1},
    "far": {IN_PERSON: 3},
}
# What speaks against a way for everybody: on the phone it is hardest to know who is there, and two ways need two teams.
_ALWAYS: Mapping[str, int] = {IN_PERSON: 0, ONLINE: 0, PHONE: 1, HYBRID: 2}
# Whoever searches for somebody reads bills and lists of calls first.
_HUNTED: Mapping[str, int] = {IN_PERSON: 0, ONLINE: 0, PHONE: 3, HYBRID: 1}
DOWNSIDES: Mapping[str, tuple[str, ...]] = {
    IN_PERSON: ("seen-coming", "place-known"),
    ONLINE: ("heard-at-home", "addresses", "captured"),
    PHONE: ("caller-id", "bill", "voices-only"),
    HYBRID: ("both", "room-camera"),
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One way to meet: how much speaks against it here, which answers do, and its downsides (codes)."""

    way: str
    against: int
    because: tuple[str, ...]
    downsides: tuple[str, ...]


def rank(answers: Mapping[str, str], *, hunted: bool) -> list[Ranked]:
    """The ways to meet, the one with the least against it first. Anything but a clear no counts as yes (WHY3).

    ``hunted``: people take part whom somebody may be searching for.
    """
    counted = [each for each in QUESTIONS if answers.get(each) != "no"]
    found = []
    for way in WAYS:
        because = tuple(each for each in counted if way in _AGAINST[each])
        against = sum(_AGAINST[each][way] for each in because) + _ALWAYS[way] + (_HUNTED[way] if hunted else 0)
        found.append(Ranked(way, against, because, DOWNSIDES[way]))
    return sorted(found, key=lambda each: (each.against, WAYS.index(each.way)))


def to_be_read(way: str) -> tuple[str, ...]:
    """Warnings that whoever chooses this way has to say they have read."""
    return ("caller-id", "bill") if way == PHONE else ()
