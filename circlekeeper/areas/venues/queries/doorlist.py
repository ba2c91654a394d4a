"""The list for whoever stands at the door of a room: names people chose, and where each one is. Nothing else of anybody."""

from dataclasses import dataclass, field
from datetime import datetime

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.rules import skeleton
from circlekeeper.areas.venues import rules
from circlekeeper.areas.venues.rules import Standing
from circlekeeper.foundation.vault.ring import KeyRing

# Those who run a meeting and may hold the list.
PARTS = frozenset({"host", "cohost", "door"})


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list. ``word``: to tell them from somebody of the same name; empty if nobody has it."""

    member_id: str
    alias: str = field(repr=False)
    word: str = field(repr=False)
    standing: Standing


@dataclass(frozen=True, slots=True)
class DoorList:
    """Everybody who may come, by name. ``shut``: the window of arrival is closed."""

    rows: tuple[Row, ...]
    shut: bool

    @property
    def inside(self) -> int:
        """How many are in the room."""
        return sum(each.standing is Standing.INSIDE for each in self.rows)


def may_hold(person_id: str, meeting_id: str) -> bool:
    """Whether somebody hosts this meeting or keeps its door (FMT2)."""
    asked = meetings.helpers(meeting_id)
    return any(each.person_id == person_id and each.part in PARTS and not each.absent for each in asked)


def door_list(*, ring: KeyRing, meeting: meetings.MeetingFacts, now: datetime) -> DoorList:
    """The list as it is now; the log gets a line that names were opened.

    :raises NoKeys: the ring does not hold the door's key.
    """
    group_id = meeting.group_id
    names = roster.aliases_of(ring=ring, group_id=group_id, member_ids=roster.active_ids(group_id), now=now)
    states = _states(meeting)
    been, shut = meetings.been_inside(meeting.id), meeting.locked(now) or meeting.paused_at is not None
    words = rules.told_apart(meeting.id, {each: skeleton(alias) for each, alias in names.items()})
    rows = [
        Row(
            each,
            alias,
            words.get(each, ""),
            rules.standing(states.get(each, ""), been=each in been, shut=shut),
        )
        for each, alias in names.items()
    ]
    return DoorList(tuple(sorted(rows, key=lambda row: (row.alias.casefold(), row.word))), shut)


def _states(meeting: meetings.MeetingFacts) -> dict[str, str]:
    """Where each person is; of two devices the one that is inside, or was sent away, counts."""
    weight = {"admitted": 2, "removed": 3}
    found: dict[str, str] = {}
    for each in meetings.at_the_door(group_id=meeting.group_id, meeting_id=meeting.id):
        if weight.get(each.state, 1) >= weight.get(found.get(each.member_id, ""), 0):
            found[each.member_id] = each.state
    return found
