"""What the server calls us for (webhooks). Its signature covers the body; of the body a kind, a room and a mark are kept."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from circlekeeper.areas.meetings.provider import Call, Connected, Event, EventKind, Find, Forged, Heard, Session

_LEEWAY = timedelta(minutes=1)
_KINDS = {
    "room_started": EventKind.STARTED,
    "room_finished": EventKind.ENDED,
    "participant_joined": EventKind.CAME,
    "participant_left": EventKind.WENT,
    "participant_connection_aborted": EventKind.WENT,
    "egress_started": EventKind.RECORDING,
    "egress_updated": EventKind.RECORDING,
    "egress_ended": EventKind.RECORDING,
    # An agent hears everything that is said.
    "agent_job_started": EventKind.RECORDING,
}
_SHARING = ("SCREEN_SHARE", "SCREEN_SHARE_AUDIO")
_MACHINES = ("EGRESS", "AGENT")


def hear(connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
    """Check who calls and what over, and say what it means.

    :raises Forged: no signature of this server over this body, or one whose time is over.
    """
    _check(connected, call, now)
    try:
        said = json.loads(call.body)
        room, once = _room(said), str(said["id"])
        kind = _kind(said)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Forged from None
    session = find(room) if kind and room else None
    if kind is None or session is None:
        return Heard()
    return Heard(events=_events(kind, session, once, now))


def _events(kind: EventKind, session: Session, once: str, now: datetime) -> tuple[Event, ...]:
    mark = hashlib.sha256(f"livekit {once}".encode()).hexdigest()[:32]
    found = Event(kind, session.room, now, mark)
    if kind is EventKind.ENDED and now < session.ends_at:
        # Closed before its time: look at once, so that it is set up again.
        return (found, Event(EventKind.CHANGED, session.room, now, f"{mark}-look"))
    return (found,)


def _check(connected: Connected, call: Call, now: datetime) -> None:
    if call.method != "POST" or not connected.get("secret") or not connected.get("key"):
        raise Forged
    given = call.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        # Its times are compared with the `now` we were told, not with the clock of this machine.
        claims = jwt.decode(
            given,
            connected["secret"],
            algorithms=["HS256"],
            issuer=connected["key"],
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": ["exp", "iss"]},
        )
        ends = datetime.fromtimestamp(int(claims["exp"]), tz=UTC)
        begins = datetime.fromtimestamp(int(claims.get("nbf", 0)), tz=UTC)
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
        raise Forged from None
    covered = base64.b64encode(hashlib.sha256(call.body).digest())
    if not begins - _LEEWAY <= now < ends + _LEEWAY:
        raise Forged
    if not hmac.compare_digest(str(claims.get("sha256", "")).encode(), covered):
        raise Forged


def _room(said: Any) -> str:
    """The room, wherever this kind of call names it."""
    places = (
        (said.get("room") or {}).get("name"),
        (said.get("egressInfo") or {}).get("roomName"),
        ((said.get("job") or {}).get("room") or {}).get("name"),
    )
    return next((str(each) for each in places if each), "")


def _kind(said: Any) -> EventKind | None:
    event = said.get("event")
    if event == "track_published":
        return EventKind.SHARING if (said.get("track") or {}).get("source") in _SHARING else None
    if event == "participant_joined" and (said.get("participant") or {}).get("kind") in _MACHINES:
        return EventKind.RECORDING
    return _KINDS.get(event)
