"""At the door of a room: who may come in now, a word that tells two people of one name apart; numbers in a plan. Pure."""

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
