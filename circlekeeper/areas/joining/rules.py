"""What is asked, what a decision needs, and what counts may be shown. No clock, no database."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The four pages of joining, in their order."""

    NAME = "name"
    CONTACT = "contact"
    HELP = "help"
    AGREE = "agree"


ORDER = tuple(Step)
YES_REASONS = ("fits", "referred", "known-to-us")
NO_REASONS = ("not-the-right-group", "no-answer", "safety", "full")
CODE_TRIES = 5


@dataclass(frozen=True, slots=True)
class IntakeField:
    """One thing people are asked: why, by whom it is read, in which record class it lives (REG3, REG5)."""

    name: str
    label: str
    why: str
    readers: str
    record: str
    required: bool = False


# Only this is asked. There is no field for a diagnosis, a legal matter, an identity document or a date of birth
# (REG4, FAQ4).
CATALOGUE = (
    IntakeField(
        "alias",
        "What to call you",
        "So that people in the group can speak to you. It does not have to be your name.",
        "Hosts and members",
        "roster",
        required=True,
    ),
    IntakeField(
        "contact",
        "Whether and how we may reach you",
        "So that we can tell you when something changes, in a way that is safe for you.",
        "Leader and privacy lead",
        "roster",
    ),
    IntakeField(
        "emergency",
        "Where help should go if you are in danger",
        "So that hosts can send help to the right place. It is sealed; each look is logged and you are told.",
        "Hosts, with a reason",
        "emergency",
    ),
    IntakeField(
        "access",
        "What would help you take part",
        "So that you can take part. Please do not tell us a diagnosis.",
        "Access lead",
        "access-needs",
    ),
)


def may_approve(*, path: str, proven: bool, call: str, yes_votes: int, deciders: int) -> str:
    """What an approval still lacks: ``proof``, ``call``, ``votes``, or nothing (HI1, MED1, REG7)."""
    if path == "contact-proven" and not proven:
        return "proof"
    if path in ("call", "call-and-two") and call != "yes":
        return "call"
    return "" if yes_votes >= deciders else "votes"


def shown_count(count: int, smallest: int) -> int | None:
    """A count that may be shown: none below the smallest number (REG6)."""
    return count if count >= smallest else None
