"""Who may listen for "changed", and to what: the waiting room by its link, the cockpit by sign-in."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth import get_user
from django.db import Error, close_old_connections
from django.http import HttpRequest

from circlekeeper.areas.ballots import queries as ballots
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import sessionstore, who
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import Permission

DEVICE_COOKIE = "ck_door"


def authorise(path: str, cookies: Mapping[str, str]) -> str | None:
    """The channel of ``/live/m/<token>/`` or ``/live/groups/<group>/meetings/<meeting>/``, or None."""
    parts = path.strip("/").split("/")
    if len(parts) == 3 and parts[1] == "m":
        return _door(parts[2], cookies)
    if len(parts) == 5 and (parts[1], parts[3]) == ("groups", "meetings"):
        return _cockpit(parts[2], parts[4], cookies)
    return None


def _door(token: str, cookies: Mapping[str, str]) -> str | None:
    try:
        place = meetings.place(token=token, device=cookies.get(DEVICE_COOKIE, ""), now=clock.now())
    except NotHere:
        return None
    return place.meeting.id if place.state is not None else None


def _cockpit(group_id: str, meeting_id: str, cookies: Mapping[str, str]) -> str | None:
    request = HttpRequest()
    request.COOKIES = dict(cookies)
    request.session = sessionstore.SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    visitor = who.of(request)
    if not (visitor.has_factor and visitor.can(Permission.MEETING_HOST, group_id)):
        return None
    try:
        return meetings.meeting(group_id=group_id, meeting_id=meeting_id).id
    except NotHere:
        return None


def version(channel: str) -> int:
    """What the door of a meeting looks like, as a number."""
    try:
        return meetings.door_version(channel) ^ ballots.version(channel)
    except Error:
        # The thread that asks serves no page, so nobody else would let go of a connection the database has dropped.
        close_old_connections()
        raise
