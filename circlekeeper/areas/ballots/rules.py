"""When everybody has said yes, when small rooms are watched, which words look like names. No clock, no database."""

import re
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

# Of two people, each would know the other's answer. Three leave everyone in doubt.
LEAST = 3
ANSWER_WITHIN = timedelta(minutes=5)


class Standing(StrEnum):
    """What one question has come to."""

    ASKING = "asking"  # also the pause while somebody who came late is asked
    ALLOWED = "allowed"
    OVER = "over"  # a no, a yes taken back, or too late: which of them, nobody is told


@dataclass(frozen=True, slots=True)
class Round:
    """One question to everybody inside, as it stands. ``asked``: who was inside when it was asked (last).

    ``refused`` stays set, whoever leaves; it is told only when all have answered, so that the moment gives nobody away.
    """

    began_at: datetime
    asked: frozenset[str]
    answered: frozenset[str] = field(default=frozenset(), repr=False)
    yes: frozenset[str] = field(default=frozenset(), repr=False)
    refused: bool = field(default=False, repr=False)
    allowed: bool = False
    over: bool = False
    ended: bool = False  # by whoever asked


def standing(found: Round, inside: Set[str], now: datetime) -> Standing:
    """What the question has come to for those who are inside now (FAQ1a).

    ``ALLOWED`` only while each of them has a yes that counts. Someone who comes in pauses it by being there.
    """
    if found.over or (not found.allowed and now >= found.began_at + ANSWER_WITHIN):
        return Standing.OVER
    if inside - found.asked:
        return Standing.ASKING
    if found.refused:
        return Standing.OVER if inside <= found.answered else Standing.ASKING
    if found.allowed and len(inside) >= LEAST and inside <= found.yes:
        return Standing.ALLOWED
    return Standing.ASKING


def may_answer(found: Round, voter: str, inside: Set[str], now: datetime) -> bool:
    """Whether this one is asked now and has not answered yet."""
    if voter not in inside or standing(found, inside, now) is not Standing.ASKING:
        return False
    return bool(inside - found.asked) or voter not in found.answered


def say(found: Round, voter: str, *, yes: bool, inside: Set[str], now: datetime) -> Round:
    """The question after one answer; also how a yes is taken back.

    Somebody who came since makes it a new question to everybody: were only the newcomer asked, all would know whose no it
    was. A no to what is allowed ends it at once; any other no is told when all have answered.
    """
    if voter not in inside or standing(found, inside, now) is Standing.OVER:
        return found
    if inside - found.asked:
        found = Round(now, frozenset(inside), refused=found.refused)
    answered = found.answered | {voter}
    if not yes:
        found = replace(found, answered=answered, yes=found.yes - {voter}, refused=True, over=found.allowed)
    else:
        found = replace(found, answered=answered, yes=found.yes | {voter})
    if not inside <= found.answered:
        return found
    if found.refused:
        return replace(found, over=True)
    return replace(found, allowed=len(inside) >= LEAST and inside <= found.yes)


def stop(found: Round) -> Round:
    """The question after whoever asked has ended it."""
    return replace(found, over=True, ended=True)


def may_ask_again(found: Round, inside: Set[str], *, once: bool) -> bool:
    """Whether the same may be asked again after a question that is over. ``once``: a no holds for the whole meeting.

    Asked again after somebody left, a yes would show whose no it had been. Silence is treated like a no, or the two could
    be told apart.
    """
    return found.ended or (not once and found.asked <= inside)


VISIT_EVERY = timedelta(minutes=10)


class RoomFault(StrEnum):
    """Why small rooms may not be opened like this."""

    NONE = "none"
    EMPTY = "empty"
    ALONE = "alone"  # a room without anybody of the team
    TWICE = "twice"  # somebody in two rooms at once


def room_fault(stays: Sequence[str], *, one_each: bool) -> RoomFault:
    """Whether small rooms may be opened with these people staying in them, one entry a room; empty: visited by the clock.

    ``one_each``: the level wants somebody of the team in each room the whole time (FMT8).
    """
    people = [each for each in stays if each]
    if not stays:
        return RoomFault.EMPTY
    if one_each and len(people) < len(stays):
        return RoomFault.ALONE
    return RoomFault.TWICE if len(set(people)) < len(people) else RoomFault.NONE


_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ENDS = re.compile(r"[.!?:…\n•–—\"“”(-]\s*$")
# Written large in the middle of a sentence, and nobody's name.
_NO_NAMES = frozenset(
    "i i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december".split()
)


@dataclass(frozen=True, slots=True)
class NamesFound:
    """``known``: names of members; ``perhaps``: words written like a name."""

    known: tuple[str, ...]
    perhaps: tuple[str, ...]


def names_in(text: str, *, names: Collection[str]) -> NamesFound:
    """Names in a text (FAQ1b): each member's name or a word of it, however it is written, and other capitalised words.

    A capital at the beginning of a sentence says nothing, so a name that stands only there is found only if it is known.
    """
    known = {word.casefold() for name in names for word in (name, *_WORD.findall(name)) if len(word) > 2}
    found, perhaps = [], []
    for match in _WORD.finditer(text):
        word = re.sub(r"['’]s?$", "", match[0])
        if word.casefold() in known:
            found.append(word)
        elif word[0].isupper() and word.casefold().replace("’", "'") not in _NO_NAMES:
            if match.start() and not _ENDS.search(text[: match.start()]):
                perhaps.append(word)
    whole = [name for name in names if " " in name.strip() and name.casefold() in text.casefold()]
    return NamesFound(tuple(dict.fromkeys([*whole, *found])), tuple(dict.fromkeys(perhaps)))
