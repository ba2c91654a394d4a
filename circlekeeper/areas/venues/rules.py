"""The pure part: who may come in at a door, words that tell people apart, numbers in a plan, what a room picks up."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

# Plain things, each easy to say and to hear, none that says anything of a person.
_FIRST = (
    "amber blue brown copper coral cream dark deep early fair first gentle golden green grey high late light little long "
    "loud new north old open pale plain quick quiet red round silver slow small soft south still summer tall warm west "
    "white wide winter"
).split()
_SECOND = (
    "acorn anchor apple arrow basket bell berry boat bottle branch bread bridge brook broom bucket button candle carrot "
    "chair cherry cloud clover cup drum feather fern field flute forest garden gate hammer harbour hill island kettle key "
    "ladder lake lamp lantern leaf lemon maple meadow mill mirror moon needle onion orchard paper pebble pepper pillow "
    "pond rain ribbon river rope saddle sail shell spoon star stone table teapot thread tower tree valley walnut window"
).split()


class Standing(StrEnum):
    """What the list says of one person."""

    EXPECTED = "expected"  # not here yet, and may come in
    INSIDE = "inside"
    BACK = "back"  # was here, and may come back in until the end
    ASK = "ask"  # the window is closed, or somebody sent them away: the host decides


def standing(state: str, *, been: bool, shut: bool) -> Standing:
    """``state``: of their newest place at the door, or empty; ``been``: they were inside; ``shut``: nobody new comes in."""
    if state == "removed":
        return Standing.ASK
    if state == "admitted":
        return Standing.INSIDE
    if been:
        return Standing.BACK
    return Standing.ASK if shut else Standing.EXPECTED


def code_word(meeting_id: str, member_id: str) -> str:
    """Two plain words for one person at one meeting; the same whoever asks, and others at the next meeting (FMT3)."""
    drawn = int.from_bytes(hashlib.blake2b(f"{meeting_id}/{member_id}".encode(), digest_size=8).digest())
    first, second = divmod(drawn % (len(_FIRST) * len(_SECOND)), len(_SECOND))
    return f"{_FIRST[first]} {_SECOND[second]}"


def told_apart(meeting_id: str, looks: Mapping[str, str]) -> dict[str, str]:
    """The code words of those whose names look alike, by id; nobody else needs one. ``looks``: a name's skeleton by id."""
    seen = Counter(looks.values())
    return {each: code_word(meeting_id, each) for each in _alike(looks, seen)}


def _alike(looks: Mapping[str, str], seen: Mapping[str, int]) -> Iterable[str]:
    return (each for each, look in looks.items() if seen[look] > 1)


# A number in a plan counts for this long after somebody rang it or compared it with its source (FMT4).
NUMBERS_LAST = timedelta(days=180)
_DIAL = re.compile(r"[+0-9][0-9 ()/*#.-]{1,23}")


def number_lines(text: str) -> tuple[tuple[str, str], ...] | int:
    """``Ambulance, 112`` a line, as (who, number); or the number of the first line that is none of this kind."""
    found = []
    for count, line in enumerate((each for each in text.splitlines() if each.strip()), start=1):
        who, comma, dial = (part.strip() for part in line.rpartition(","))
        if not comma or not who or not _DIAL.fullmatch(dial):
            return count
        found.append((who, dial))
    return tuple(found)


# What stands in rooms and picks up who is there. What films needs everybody's yes; what listens for its name must be off.
DEVICES = ("camera", "cctv", "microphone", "speaker", "assistant")
FILMS, LISTENS = frozenset({"camera", "cctv"}), frozenset({"assistant"})
STATES = ("none", "off", "on")
# Fewer could tell from "not everyone said yes" who it was, so then there is no camera.
FEWEST_ASKED = 3


class Camera(StrEnum):
    """How it stands with everybody's yes to a camera."""

    OFF = "off"  # nothing films
    ALLOWED = "allowed"
    NOT_ALLOWED = "not-allowed"  # somebody has not answered, or said no: nobody learns which


def films(states: Mapping[str, str]) -> bool:
    """Whether anything in the room films."""
    return any(states.get(each) == "on" for each in FILMS)


def camera(states: Mapping[str, str], *, members: Iterable[str], answers: Mapping[str, bool]) -> Camera:
    """``members``: everybody who may come; ``answers``: what those who answered said."""
    if not films(states):
        return Camera.OFF
    asked = set(members)
    agreed = len(asked) >= FEWEST_ASKED and all(answers.get(each) is True for each in asked)
    return Camera.ALLOWED if agreed else Camera.NOT_ALLOWED


def screen_words(meeting_id: str) -> str:
    """Two words on the room's screen, which somebody at home reads out: then the picture came through (FMT12)."""
    return code_word(meeting_id, "screen")


def same_words(typed: str, meeting_id: str) -> bool:
    """Whether what the person at home read is what the screen shows."""
    return typed.casefold().split() == screen_words(meeting_id).split()
