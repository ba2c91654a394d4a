"""What the server calls us for: a meeting that ended, and a recording that should never have been made."""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import parse_qs

import jwt

from circlekeeper.areas.meetings.provider import Call, Connected, Event, EventKind, Find, Forged, Heard
from circlekeeper.connectors.bigbluebutton import wishes

# The recording was deleted on our side: the server may drop it too.
_DELETED = 410


def room_of(meeting: str) -> str:
    """The room of a meeting's name at the server: what stands before its own random end."""
    return meeting.rpartition("-")[0]


def hear(connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
    """Check who calls, and say what it means.

    :raises Forged: the call bears no signature of the server.
    """
    if not connected.get("secret"):
        raise Forged
    if call.path.strip("/") == "recording" and call.method == "POST":
        return _recording(connected["secret"], call, find, now)
    if call.path.startswith("ended/") and call.method in ("GET", "POST"):
        return _ended(connected["secret"], call, find, now)
    raise Forged


def _recording(secret: str, call: Call, find: Find, now: datetime) -> Heard:
    """No meeting of ours may be recorded, so one that is ready is told at once."""
    try:
        signed = parse_qs(call.body.decode("ascii"), max_num_fields=8)["signed_parameters"][0]
        said = jwt.decode(signed, secret, algorithms=["HS256"])
        meeting, record = said["meeting_id"], said["record_id"]
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise Forged from None
    if not isinstance(meeting, str) or not isinstance(record, str):
        raise Forged
    room = room_of(meeting)
    if find(room) is None:
        return Heard(status=_DELETED)
    return Heard(events=(Event(EventKind.RECORDING, room, now, _once("recording", record)),))


def _ended(secret: str, call: Call, find: Find, now: datetime) -> Heard:
    meeting, _, given = call.path.removeprefix("ended/").strip("/").partition("/")
    if not hmac.compare_digest(given.encode(), wishes.mark(secret, meeting).encode()):
        raise Forged
    room = room_of(meeting)
    if find(room) is None:
        return Heard()
    return Heard(events=(Event(EventKind.ENDED, room, now, _once("ended", meeting)),))


def _once(kind: str, name: str) -> str:
    return hashlib.sha256(f"bigbluebutton {kind} {name}".encode()).hexdigest()[:32]
