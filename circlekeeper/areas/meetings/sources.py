"""What others put on the cockpit: a line in one of its parts. ``wiring.py`` names who gives lines; no template changes.

A provider is called as ``provider(part, meeting, who, now)`` for each part that is on the page, and gives back the lines
that are true now, or none. It reads only, and costs few queries: a cockpit asks again whenever something moves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.foundation.accounts.who import Who


class Part(StrEnum):
    """Where on the cockpit a line stands."""

    BEFORE = "before"  # the checklist, as long as the doors are closed
    DOORS = "doors"  # who waits
    TOGETHER = "together"  # while people are inside
    AFTER = "after"  # when the meeting is closed
    RECORDING_ASKED = "recording-asked"  # under the card for somebody who asks to record; its own answer is no


@dataclass(frozen=True, slots=True)
class Line:
    """One fact and the one thing to press about it.

    ``met``: as it should be (True), not so (False), or a plain statement (None). ``word``: how we know. ``at``: since
    when, in the words of the group's clock (``MeetingFacts.clock``). ``url`` and ``press``: where to go, as a link, or with
    ``posts`` as a button that posts there and comes back. Texts are translated and name no member.
    """

    title: str
    text: str = ""
    met: bool | None = None
    word: str = ""
    at: str = ""
    url: str = ""
    press: str = ""
    posts: bool = False
    why: str = ""
    minutes: int = 0
    do: str = ""  # of the meetings room only: pressed on the cockpit itself


Provider = Callable[[Part, MeetingFacts, Who, datetime], Sequence[Line]]
_providers: list[Provider] = []


def install(providers: Iterable[Provider]) -> None:
    """Name who gives lines; a second call replaces the first."""
    _providers[:] = providers


def lines(part: Part, meeting: MeetingFacts, who: Who, now: datetime) -> list[Line]:
    """Every line of others for one part, in the order of ``wiring.py``."""
    return [line for provider in _providers for line in provider(part, meeting, who, now)]
