"""What the screen of a room shows. It needs no sign-in, so the room's computer need not be anybody's (FMT11)."""

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.venues import rules
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_SALT = "venues.screen"
_LASTS = timedelta(hours=36)


def screen_token(meeting: meetings.MeetingFacts) -> str:
    """What leads to the screen of one meeting, for a day and a half. It tells nothing and opens nothing else."""
    return signing.dumps([meeting.group_id, meeting.id], salt=_SALT)


@page(needs=Permission.ANYONE)
def screen(request: HttpRequest, screen: str) -> HttpResponse:
    """The evening, what was agreed, and two words to try the picture with. Nothing of anybody, whoever is signed in."""
    try:
        group_id, meeting_id = signing.loads(screen, salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        raise NotHere from None
    meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    over = meeting.state in ("closed", "cancelled")
    shown = {
        "meeting": meeting,
        "over": over,
        "words": "" if meeting.running or over else rules.screen_words(meeting_id),
        "agenda": meetings.agenda(meeting),
        "norms": [] if over else agreements.norms(group_id),
        "live": {"seconds": 20},
    }
    return render(request, "venues/screen.html", shown)
