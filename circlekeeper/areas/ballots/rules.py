"""When everybody present has said yes, and when small rooms are watched. No clock, no database."""

from collections.abc import Sequence, Set
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
    return replace(found, over=True)


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
