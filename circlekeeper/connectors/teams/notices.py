"""What Graph calls us for: a recording or transcript that should never have been made, and notices about the notices.

Graph does not sign these calls. What it was told when it was asked for them, ``clientState``, it says again: a room and a
mark only we can make. To be asked for a while, a notice also has to be renewed; `verify` does that.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote

from circlekeeper.areas.meetings.provider import (
    Call,
    Connected,
    Event,
    EventKind,
    Find,
    Forged,
    Heard,
    Session,
    Trouble,
    Unavailable,
)
from circlekeeper.connectors.teams import wishes
from circlekeeper.connectors.teams.client import Graph

KINDS = ("recordings", "transcripts")
_LONGEST = timedelta(minutes=4200)  # Graph refuses more than 4230
_AFTER = timedelta(hours=12)  # a recording is ready long after the meeting
_MOST = 100
_TOKEN = re.compile(r"[\x20-\x7e]{1,1024}")


def mark(secret: str, room: str) -> str:
    """What Graph says again with each call; at most 128 characters."""
    return f"{room}.{hmac.new(secret.encode(), f'teams {room}'.encode(), hashlib.sha256).hexdigest()}"


def begin(graph: Graph, session: Session, meeting: str, *, now: datetime) -> list[str]:
    """Ask to be told of recordings and transcripts; returns the names of what was agreed. Fewer than two: some is refused.

    Meetings work without: it needs two permissions more, and an address of ours that Microsoft can reach.
    """
    agreed = []
    for kind in KINDS if session.hook.startswith("https://") else ():
        told = {
            "changeType": "created",
            "notificationUrl": f"{session.hook}notice",
            "lifecycleNotificationUrl": f"{session.hook}lifecycle",
            "resource": f"communications/onlineMeetings/{meeting}/{kind}",
            "expirationDateTime": _until(session, now),
            "clientState": mark(session.connected["secret"], session.room),
        }
        try:
            said = graph.ask("POST", "/subscriptions", told)
        except Unavailable as failure:
            if failure.trouble in (Trouble.NOT_ALLOWED, Trouble.NOT_UNDERSTOOD, Trouble.GONE):
                continue
            raise
        if isinstance(said, dict) and isinstance(said.get("id"), str):
            agreed.append(said["id"])
    return agreed


def renew(graph: Graph, session: Session, *, now: datetime) -> bool:
    """Ask for each notice a while longer, as Graph also wants after ``reauthorizationRequired``; whether all stand."""
    try:
        for each in agreed(session):
            graph.ask("PATCH", _path(each), {"expirationDateTime": _until(session, now)})
    except Unavailable as failure:
        if failure.trouble in (Trouble.GONE, Trouble.NOT_ALLOWED):
            return False
        raise
    return len(agreed(session)) == len(KINDS)


def stop(graph: Graph, session: Session) -> None:
    """Ask for no more; what is gone already is gone."""
    for each in agreed(session):
        try:
            graph.ask("DELETE", _path(each))
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise


def agreed(session: Session) -> list[str]:
    """The names of the notices a meeting has."""
    return [each for each in session.remote.get("notices", "").split(",") if each]


def hear(connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
    """Answer Graph's question whether this is our address, or read what it tells.

    :raises Forged: any of it does not bear our mark, or comes from another organisation.
    """
    if not connected.get("secret") or call.method != "POST" or call.path not in ("notice", "lifecycle"):
        raise Forged
    if "validationToken" in (asked := parse_qs(call.query, max_num_fields=8)):
        if not _TOKEN.fullmatch(asked["validationToken"][0]):
            raise Forged
        # Asked before anything is agreed, so there is nothing to check: it is only said again, as text.
        return Heard(status=200, body=asked["validationToken"][0].encode("ascii"), content_type="text/plain")
    events = [_event(connected, call.path, each, now) for each in _told(call.body)]
    return Heard(events=tuple(each for each in events if find(each.room) is not None), status=202)


def _told(body: bytes) -> list[Any]:
    try:
        found = json.loads(body)["value"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Forged from None
    if not isinstance(found, list) or not 0 < len(found) <= _MOST:
        raise Forged
    return found


def _event(connected: Connected, path: str, said: object, now: datetime) -> Event:
    if not isinstance(said, Mapping) or not isinstance(said.get("clientState"), str):
        raise Forged
    room = said["clientState"].partition(".")[0]
    if not hmac.compare_digest(said["clientState"].encode(), mark(connected["secret"], room).encode()):
        raise Forged
    if said.get("tenantId", said.get("organizationId")) not in (None, connected["tenant"]):
        raise Forged
    # Each lifecycle notice ends in the same: look again, and renew what can be renewed.
    kind = EventKind.RECORDING if path == "notice" else EventKind.CHANGED
    named = [str(said.get(each, "")) for each in ("subscriptionId", "resource", "lifecycleEvent")]
    named.append("" if path == "notice" else str(said.get("subscriptionExpirationDateTime", "")))
    once = hashlib.sha256(json.dumps(["teams", path, *named]).encode()).hexdigest()[:32]
    return Event(kind, room, now, once)


def _until(session: Session, now: datetime) -> str:
    return wishes.stamp(min(max(session.ends_at, now) + _AFTER, now + _LONGEST))


def _path(name: str) -> str:
    return f"/subscriptions/{quote(name, safe='')}"
