"""When an answer counts, and which door it closes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CLOCK_DRIFT = timedelta(minutes=5)

_DOORS = ("open", "first-link", "start")
_BINDING = ("required", "locked")
ANSWERS = ("yes", "no", "dont-know")
_LADDER = ("low", "medium", "high")


class Verdict(StrEnum):
    """The answer to one check. Everything but ``MET`` keeps a required door closed."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    STALE = "stale"


class Standing(StrEnum):
    """What a finding means for the group."""

    BLOCKING = "blocking"
    TODO = "todo"
    SUGGESTED = "suggested"
    FINE = "fine"


def judge(
    verdict: Verdict, *, checked_at: datetime, fresh_until: datetime | None, lasts_until: datetime, now: datetime
) -> Verdict:
    """What an answer is worth now.

    ``fresh_until`` is the answer's own end, ``lasts_until`` the control's; the earlier one counts. An answer from the future
    is no answer.
    """
    if verdict is not Verdict.MET:
        return verdict
    if checked_at > now + CLOCK_DRIFT:
        return Verdict.UNKNOWN
    end = min(fresh_until, lasts_until) if fresh_until else lasts_until
    return Verdict.STALE if now > end else Verdict.MET


def standing(*, mode: str, verdict: Verdict, closes_a_door: bool) -> Standing:
    """What a verdict means under a mode."""
    if verdict is Verdict.MET or mode == "off":
        return Standing.FINE
    if mode in _BINDING and closes_a_door:
        return Standing.BLOCKING
    return Standing.SUGGESTED if mode == "advise" else Standing.TODO


def doors_up_to(gate: str) -> tuple[str, ...]:
    """The doors before and including this one: who starts a meeting has passed the earlier doors too.

    :raises ValueError: there is no such door.
    """
    return _DOORS[: _DOORS.index(gate) + 1]


def effective_mode(*, mode: str, waived: bool) -> str:
    """A control in force, or set aside for a time. A locked control cannot be set aside (TEC9)."""
    return "default" if waived and mode == "required" else mode


def may_be_set_aside(*, level: str, own_mode: str, mode: str, waivable_at: Iterable[str]) -> bool:
    """Whether an exception is possible: the level itself requires the control, and the playbook allows one there.

    What an overlay added (``mode`` firmer than ``own_mode``) stays: the people it is there for are still in the group.
    """
    return own_mode == mode == "required" and level in waivable_at


def climbs(*, before: str, after: str) -> bool:
    """Whether a level lies higher on the ladder low, medium, high."""
    on_ladder = before in _LADDER and after in _LADDER
    return on_ladder and _LADDER.index(after) > _LADDER.index(before)


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer of the interview and what it leads to. ``level`` or ``overlay`` or both."""

    question: str
    level: str | None
    overlay: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The level the answers lead to, with every overlay and every reason."""

    level: str
    overlays: frozenset[str]
    reasons: tuple[Reason, ...]


def suggest(answers: Mapping[str, str], consequences: Iterable[Reason]) -> Suggestion:
    """From answers (``yes``, ``no``, ``dont-know``) to a level. Anything but a clear no counts as yes (WHY3).

    A mixed group takes the highest level (LVL0): high first, then professional, experimental, medium, low. An overlay that
    stands for the chosen level itself is harmless; its rules are the level's own.
    """
    held = tuple(reason for reason in consequences if answers.get(reason.question) != "no")
    asked = {reason.level for reason in held}
    for level in ("high", "professional", "experimental", "medium"):
        if level in asked:
            break
    else:
        level = "low"
    return Suggestion(level, frozenset(reason.overlay for reason in held if reason.overlay), held)
