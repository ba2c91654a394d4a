"""When a record's time starts to run (RET1-RET3)."""

from datetime import date


def due_start(*, left_on: date | None, last_attended_on: date | None) -> date | None:
    """From leaving or last attendance, whichever is later; None while someone belongs to the group.

    A member who stays away is not forgotten behind their back: someone has to say that they left.
    """
    if left_on is None:
        return None
    return max(left_on, last_attended_on or left_on)
