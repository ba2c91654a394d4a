"""The middle of the cockpit: who waits, who is inside, the words to say, who does what."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import queries
from circlekeeper.areas.meetings.forms import ASKED_WORDS
from circlekeeper.areas.meetings.models import ArrivalState
from circlekeeper.areas.meetings.pages import before
from circlekeeper.areas.roster import queries as roster

REFRESH_SECONDS = 10
CLOSING_CARD = "closing"
_AT_THE_DOOR = (ArrivalState.WAITING, ArrivalState.HELD)


def shown(meeting: queries.MeetingFacts, who: Any, now: datetime) -> dict[str, Any]:
    """Who waits, who is inside and who was sent away, by alias; the words to say."""
    aliases = roster.aliases(ring=who.ring, group_id=meeting.group_id)
    rows = [
        {
            "id": each.id,
            "alias": aliases.get(each.member_id, _("Someone")),
            "unverified": each.unverified,
            "state": each.state,
            "asked": ASKED_WORDS.get(each.asked, ""),
            "answered": each.answered,
        }
        for each in queries.at_the_door(group_id=meeting.group_id, meeting_id=meeting.id)
    ]
    waiting = [row for row in rows if row["state"] in _AT_THE_DOOR]
    inside = [row for row in rows if row["state"] == ArrivalState.ADMITTED]
    locked, cards = meeting.locked(now), queries.cards(meeting.group_id, meeting.format)
    return {
        "waiting": waiting,
        "questions": list(ASKED_WORDS.items()),
        "inside": inside,
        "sent_away": [row for row in rows if row["state"] == ArrivalState.REMOVED],
        "locked": locked,
        "at_the_doors": bool(waiting) or not (locked or inside),
        "over": now >= meeting.ends_at,
        "live": {"seconds": REFRESH_SECONDS, "source": f"/live/groups/{meeting.group_id}/meetings/{meeting.id}/"},
        "norms": agreements.norms(meeting.group_id),
        "card": next(each for each in cards if each.id == queries.OPENING_CARD),
        "cards": [each for each in cards if each.id != queries.OPENING_CARD],
        "closing": next(each for each in cards if each.id == CLOSING_CARD),
        **before.team(meeting),
        **_agenda(meeting, now),
    }


def _agenda(meeting: queries.MeetingFacts, now: datetime) -> dict[str, Any]:
    """The evening as the group's clock shows it; moments in milliseconds are for the script that counts."""
    found = queries.agenda(meeting)
    return {
        "agenda": found,
        "agenda_clock": _milliseconds(now),
        "agenda_ends": meeting.clock(found.items[-1].ends),
        "agenda_rows": [
            {
                "item": each,
                "here": each.number == found.now,
                "over": each.number < found.now,
                "begins": meeting.clock(each.begins),
                "ends": meeting.clock(each.ends),
                "until": _milliseconds(each.ends),
            }
            for each in found.items
        ],
    }


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
