"""Pure rules of handing a group over."""

from collections.abc import Collection
from enum import StrEnum


class Step(StrEnum):
    """What comes next in a handover."""

    ACCEPT = "accept"  # the successor says yes
    GIVE = "give"  # somebody who holds all keys gives them
    PROVE = "prove"  # the successor opens the test record
    SIGN = "sign"  # the leaver hands over
    CONFIRM = "confirm"  # the leaver is gone: a third person confirms
    OVER = "over"


def next_step(*, accepted: bool, holds_all: bool, proved: bool, gone: bool, over: bool) -> Step:
    """The first step that is not done."""
    if over:
        return Step.OVER
    if not accepted:
        return Step.ACCEPT
    if not holds_all:
        return Step.GIVE
    if not proved:
        return Step.PROVE
    return Step.CONFIRM if gone else Step.SIGN


def may_take(
    step: Step, *, person: str, leaver: str, successor: str, began_by: str, holders: Collection[str]
) -> bool:
    """Whether this person may take this step. Nobody confirms their own doing."""
    match step:
        case Step.ACCEPT | Step.PROVE:
            return person == successor
        case Step.GIVE:
            return person in holders and person != successor
        case Step.SIGN:
            return person == leaver
        case Step.CONFIRM:
            return person not in (leaver, successor, began_by)
        case Step.OVER:
            return False
