"""Answering Jitsi's reservation module, which asks us before it opens a room: we are the gatekeeper.

Every doubt is a 403 with a sentence, which Jitsi shows to whoever asked. Jitsi asks again when a connection breaks, so each
answer is the same when the same is asked twice.
"""

import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import Call, Connected, Event, EventKind, Find, Forged, Heard, Session
from circlekeeper.connectors.jitsi.tokens import room_of

EARLY = timedelta(hours=2)  # our own door opens no earlier, and nobody has a pass before it does
LATE = timedelta(minutes=30)  # nobody is cut off in the middle of a sentence
_ID = re.compile(r"conference/([a-z0-9_-]{1,64})\.(\d{1,12})/?")
# The module refuses an answer without an owner; it is told a word, never a person.
_OWNER = "circlekeeper"


def answer(connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
    """What is answered to one request of the module, and what it means.

    :raises Forged: it does not bear the word we agreed on.
    """
    _known(connected, call)
    path, method = call.path.strip("/"), call.method.upper()
    known = _ID.fullmatch(path)
    if method == "POST" and path == "conference":
        return _opening(call, find, now)
    if method == "GET" and known:
        return _looking(known[1], known[2], find, now)
    if method == "DELETE" and known:
        return _ending(known[1], known[2], find, now)
    return _said(404, {"message": _("There is nothing here.")})


def reservation(session: Session, opened: str) -> dict[str, Any]:
    """What a room is opened with.

    With a lobby there is never a password: at Jitsi the password leads past the lobby. ``opened``: the moment Jitsi says
    the room was asked for, in seconds; it makes the id of this one opening.
    """
    begins, ends = session.starts_at - EARLY, session.ends_at + LATE
    return {
        "id": f"{room_of(session)}.{opened}",
        "name": room_of(session),
        "mail_owner": _OWNER,
        "start_time": begins.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "duration": int((ends - begins).total_seconds()),
        "max_occupants": session.wanted.people,
        "lobby": True,
    }


def _known(connected: Connected, call: Call) -> None:
    word = connected.get("reservation_token", "")
    given = call.headers.get("authorization", "")
    if not word or not hmac.compare_digest(given.encode(), f"Bearer {word}".encode()):
        raise Forged


def _opening(call: Call, find: Find, now: datetime) -> Heard:
    try:
        asked = parse_qs(call.body.decode("utf-8"), max_num_fields=10)
    except ValueError:
        return _refused()
    session = _open_now(asked.get("name", [""])[0], find, now)
    if session is None:
        return _refused()
    opened = _seconds(asked.get("start_time", [""])[0], now)
    started = Event(EventKind.STARTED, session.room, now, f"{room_of(session)}.{opened}.started")
    return _said(200, reservation(session, opened), started)


def _looking(room: str, opened: str, find: Find, now: datetime) -> Heard:
    session = _open_now(room, find, now)
    return _refused() if session is None else _said(200, reservation(session, opened))


def _ending(room: str, opened: str, find: Find, now: datetime) -> Heard:
    session = find(room)
    if session is None:
        return Heard()  # gone already: that is what was asked for
    return Heard((Event(EventKind.ENDED, session.room, now, f"{room}.{opened}.ended"),))


def _open_now(name: str, find: Find, now: datetime) -> Session | None:
    session = find(name.lower()) if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) else None
    if session is None or not session.starts_at - EARLY <= now < session.ends_at + LATE:
        return None
    return session


def _seconds(said: str, now: datetime) -> str:
    try:
        return str(max(0, int(datetime.fromisoformat(said).timestamp())))
    except (ValueError, OverflowError, OSError):
        return str(int(now.replace(second=0, microsecond=0).timestamp()))


def _refused() -> Heard:
    return _said(403, {"message": _("This room is not open now. Come in through your own link.")})


def _said(status: int, body: dict[str, Any], *events: Event) -> Heard:
    return Heard(events, status, json.dumps(body).encode())
