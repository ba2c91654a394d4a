"""How an evening is planned, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import AgendaItem, Progress, Series
from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import NotHere


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One part of an evening. ``begins``, ``ends``: when it did, does, or will if nothing runs over."""

    number: int
    title: str
    minutes: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class AgendaFacts:
    """An evening. ``now``: the number of the running part, 0 before the first, one past the last when all is done."""

    items: tuple[ItemFacts, ...]
    now: int

    @property
    def current(self) -> ItemFacts | None:
        """The running part."""
        return next((each for each in self.items if each.number == self.now), None)

    @property
    def following(self) -> ItemFacts | None:
        """The part after the running one."""
        return next((each for each in self.items if each.number == self.now + 1), None)

    @property
    def done(self) -> bool:
        """Whether the last part is over."""
        return self.now > len(self.items)


def planned(*, group_id: str, series_id: str) -> list[tuple[str, int]]:
    """The parts of a series' evenings as (words, minutes): what a leader wrote, else what the playbook proposes.

    :raises NotHere: the group has no such series.
    """
    row = Series.objects.filter(pk=series_id, group_id=group_id).first()
    if row is None:
        raise NotHere
    own = list(AgendaItem.objects.filter(series=row).order_by("number").values_list("title", "minutes"))
    if own:
        return own
    level = playbook.Level(groups.group(group_id).level)
    proposed = playbook.book().agenda.at(level).item
    minutes = rules.scaled([each.minutes for each in proposed], row.minutes)
    return [(each.title, length) for each, length in zip(proposed, minutes, strict=True)]


def agenda(meeting: MeetingFacts) -> AgendaFacts:
    """The evening of one meeting: what was, what runs since when, what comes when."""
    row = Progress.objects.filter(meeting_id=meeting.id).values_list("number", "since").first()
    number, since = row or (0, meeting.starts_at)
    parts = planned(group_id=meeting.group_id, series_id=meeting.series_id)
    before = sum(minutes for _title, minutes in parts[: max(number - 1, 0)])
    at = since - timedelta(minutes=before)
    items = []
    for place, (title, minutes) in enumerate(parts, start=1):
        ends = at + timedelta(minutes=minutes)
        items.append(ItemFacts(place, title, minutes, at, ends))
        at = ends
    return AgendaFacts(tuple(items), number)
