"""One thing that waits for a person: what each room's ``queries.todo(who, now)`` returns and Today shows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Urgency(StrEnum):
    """How soon; Today sorts by it. ``HARM`` (someone may be harmed, or a door stays closed) is the only red one."""

    HARM = "harm"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Todo:
    """One sentence, why it matters to a member, where to do it, and about how long that takes.

    ``title`` and ``why`` are shown to staff only and never name a member. ``due`` is aware UTC, or None when nothing
    runs out.
    """

    title: str
    why: str
    url: str
    minutes: int
    urgency: Urgency
    due: datetime | None = None
    group: str = ""  # which group it is about, where somebody has several; Today fills it in
