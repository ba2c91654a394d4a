"""Small rooms beside a meeting: opened only when watched, visited, closed (FMT8)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import queries, rules
from circlekeeper.areas.ballots.models import Room, Visit
from circlekeeper.areas.ballots.rules import RoomFault
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id

MOST_ROOMS = 6


@action("ballots.rooms.open")
def open_rooms(*, by: str, group_id: str, meeting_id: str, stays: Sequence[str], now: datetime) -> None:
    """Open small rooms; ``stays``: for each room the person of the team who stays in it, or empty: visited by the clock.

    :raises Refused: the meeting does not run, rooms are open, or they would not be watched as the level asks.
    """
    if not meetings.meeting(group_id=group_id, meeting_id=meeting_id).running:
        raise Refused(_("Small rooms are opened during the meeting. It is not running."))
    if queries.open_rooms(group_id=group_id, meeting_id=meeting_id, now=now):
        raise Refused(_("Small rooms are open already. Close them first."))
    one_each = safeguards.settings_for(group_id).value("small-rooms") == "one-each"
    refusal = _words(rules.room_fault(stays, one_each=one_each), len(stays))
    if refusal:
        raise Refused(refusal)
    helping = {each.person_id for each in meetings.helpers(meeting_id) if each.confirmed_at}
    if not {each for each in stays if each} <= helping:
        raise Refused(
            _("Only somebody who helps at this meeting and said that they are there can stay in a room.")
        )
    Room.objects.bulk_create(
        Room(pk=new_id(), meeting_id=meeting_id, group_id=group_id, number=number, stays=person, opened_at=now)
        for number, person in enumerate(stays, start=1)
    )
    ledger.record(by=by, about=meeting_id, at=now)


def _words(fault: RoomFault, rooms: int) -> str:
    return {
        RoomFault.NONE: "",
        RoomFault.EMPTY: _("Say for at least one room how it is watched."),
        RoomFault.ALONE: _(
            "In your group somebody of the team stays in each small room. Open fewer rooms than the %(rooms)d you chose."
        )
        % {"rooms": rooms},
        RoomFault.TWICE: _("One person cannot stay in two rooms."),
    }[fault]


@action("ballots.rooms.visit")
def visit_room(*, by: str, group_id: str, meeting_id: str, room_id: str, now: datetime) -> None:
    """Somebody of the team looked into a room.

    :raises NotHere: no such room is open in this meeting.
    """
    room = Room.objects.filter(
        pk=room_id, group_id=group_id, meeting_id=meeting_id, closed_at__isnull=True
    ).first()
    if room is None:
        raise NotHere
    Visit.objects.create(pk=new_id(), room=room, person_id=by, at=now)
    ledger.record(by=by, about=room.pk, at=now)


@action("ballots.rooms.close")
def close_rooms(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Everybody is back together. Safe to call again."""
    Room.objects.filter(group_id=group_id, meeting_id=meeting_id, closed_at__isnull=True).update(closed_at=now)
    ledger.record(by=by, about=meeting_id, at=now)
