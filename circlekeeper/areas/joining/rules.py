"""What is asked, how people are got to know, what a decision needs, and what counts may be shown. No clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Step(StrEnum):
    """The four pages of joining, in their order."""

    NAME = "name"
    CONTACT = "contact"
    HELP = "help"
    AGREE = "agree"


class Lacking(StrEnum):
    """What keeps an approval from being one."""

    PROOF = "proof"
    CALL = "call"
    VOTES = "votes"


ORDER = tuple(Step)
# How people are got to know, from light to careful (REG6); the playbook's setting ``intake-path`` uses the same words.
PATHS = ("form", "contact-proven", "call", "call-and-two")
YES_REASONS = ("fits", "referred", "known-to-us")
NO_REASONS = ("not-the-right-group", "no-answer", "safety", "full")
CALL_OUTCOMES = ("yes", "no", "later")
VETTING_REASONS = ("as-the-level-says", "someone-got-in", "people-unsafe", "too-many-turned-away", "adviser")
# When a decision about the way in is looked at again (ISO 8601); the longest is what no answer means.
REVIEWS = ("P3M", "P6M")
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


# Off unless a group decides otherwise, with a purpose, a ground and a privacy lead who agrees (REG4).
EXTRA = {
    "health": "Something about your health that we must know",
    "legal": "An order of a court that we must know of",
}
EXTRA_READERS = "Leader and privacy lead"
BASES = ("consent", "care", "law", "adviser")
SHORTEST_PURPOSE = 20
CYCLE = timedelta(days=182)


def may_ask_extra(level: str) -> bool:
    """Whether a level may ask about health or the law at all; a light group has no need to (REG4)."""
    return level != "low"


def unread(*, since: date, read_on: date | None, today: date) -> bool:
    """Whether nobody read the answers to a question for a whole cycle, so that it should be dropped (REG5)."""
    return today - max(since, read_on or since) > CYCLE


def stricter_path(one: str, other: str) -> str:
    """The more careful of two ways; one nobody knows counts as the most careful (TIP1)."""
    return max(one, other, key=lambda path: PATHS.index(path) if path in PATHS else len(PATHS) - 1)


def paths_from(least: str) -> tuple[str, ...]:
    """The ways a group may choose whose level asks for at least this one."""
    return PATHS[PATHS.index(least) :] if least in PATHS else PATHS[-1:]


def deciders_for(path: str, at_least: int) -> int:
    """How many different people have to say yes."""
    return max(at_least, 2 if path == PATHS[-1] else 1)


def may_approve(
    *, path: str, proven: bool, call: str, yes_votes: int, deciders: int, vouched: bool = False
) -> Lacking | None:
    """What an approval still lacks, or None (HI1, MED1, REG7).

    ``proven``: by a code they were told, or by a referral. ``vouched``: they were referred, and at this level that stands
    for the call, unless a call was held and did not fit.
    """
    if path == "contact-proven" and not proven:
        return Lacking.PROOF
    spoken = call == "yes" or (vouched and call != "no")
    if calls_first(path) and not spoken:
        return Lacking.CALL
    return None if yes_votes >= deciders else Lacking.VOTES


def calls_first(path: str) -> bool:
    """Whether somebody speaks with people before they join."""
    return path not in ("form", "contact-proven")


def local_moment(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The instant a wall clock in ``zone`` shows ``at`` on ``day``, in UTC; None if the clocks skip it in spring.

    A time that comes twice in autumn is the first of the two.
    """
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == wall else None


def shown_counts(counts: Sequence[int], smallest: int) -> list[int | None]:
    """Counts of people who overlap, the whole first: each only if neither it nor what lies between it and one shown before
    points at a few people (REG6)."""
    shown: list[int | None] = []
    for count in counts:
        gaps = [abs(count - each) for each in shown if each is not None]
        enough = count >= smallest and all(gap == 0 or gap >= smallest for gap in gaps)
        # A part of a whole that is too small to be shown is not shown either.
        shown.append(count if enough and (not shown or shown[0] is not None) else None)
    return shown


def middle(days: Sequence[int], smallest: int) -> int | None:
    """The middle of some waiting times, in days; None for too few people."""
    return sorted(days)[len(days) // 2] if len(days) >= smallest else None
