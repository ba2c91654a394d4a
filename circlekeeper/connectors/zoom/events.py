"""Calls of Zoom. They name people, with e-mail and sometimes their internet address: only the kind and the room are kept.

Signed as ``v0=`` and the HMAC-SHA256 of ``v0:{timestamp}:{body}`` under the app's secret token; five minutes old at most.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from circlekeeper.areas.meetings.provider import Call, Connected, Event, EventKind, Find, Forged, Heard

_WINDOW = timedelta(minutes=5)
_TOKEN = re.compile(r"[\x21-\x7e]{1,200}")
KINDS = {
    "meeting.started": EventKind.STARTED,
    "meeting.ended": EventKind.ENDED,
    "recording.started": EventKind.RECORDING,
    "recording.completed": EventKind.RECORDING,
    "recording.transcript_completed": EventKind.RECORDING,
    "meeting.summary_completed": EventKind.RECORDING,
    "meeting.live_streaming_started": EventKind.RECORDING,
    "meeting.sharing_started": EventKind.SHARING,
    "meeting.participant_joined_waiting_room": EventKind.HELD,
    "meeting.participant_joined": EventKind.CAME,
    "meeting.participant_left": EventKind.WENT,
    "meeting.participant_role_changed": EventKind.ROLE,
    "meeting.updated": EventKind.CHANGED,
    "meeting.risk_alert": EventKind.RISK,
}


def hear(connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
    """Answer Zoom's question whether this is our address, or read what it tells.

    :raises Forged: it does not bear Zoom's signature, or is too old.
    """
    key = connected.get("webhook", "").encode()
    if not key or call.method != "POST":
        raise Forged
    _check(key, call, now)
    said = _object(call.body)
    if said.get("event") == "endpoint.url_validation":
        return _it_is_us(key, said)
    kind = KINDS.get(str(said.get("event")))
    about = _within(_within(said, "payload"), "object")
    room = str(about.get("topic") or about.get("meeting_topic") or "")
    if kind is None or find(room) is None:
        return Heard()
    return Heard((Event(kind, room, now, _once(said, about)),))


def sign(key: bytes, stamp: str, body: bytes) -> str:
    """Zoom's signature of a call."""
    return "v0=" + hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def _check(key: bytes, call: Call, now: datetime) -> None:
    stamp, given = call.headers.get("x-zm-request-timestamp", ""), call.headers.get("x-zm-signature", "")
    if not hmac.compare_digest(sign(key, stamp, call.body).encode(), given.encode()):
        raise Forged
    if not re.fullmatch(r"[0-9]{9,11}", stamp) or abs(datetime.fromtimestamp(int(stamp), UTC) - now) > _WINDOW:
        raise Forged


def _it_is_us(key: bytes, said: Mapping[str, Any]) -> Heard:
    plain = _within(said, "payload").get("plainToken")
    if not isinstance(plain, str) or not _TOKEN.fullmatch(plain):
        raise Forged
    answer = {"plainToken": plain, "encryptedToken": hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()}
    return Heard(status=200, body=json.dumps(answer).encode())


def _once(said: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """The same when Zoom says it again; nothing of a person goes into it."""
    named = [str(said.get("event")), str(said.get("event_ts")), str(about.get("uuid"))]
    return hashlib.sha256(json.dumps(["zoom", *named]).encode()).hexdigest()[:32]


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Forged from None
    if not isinstance(found, dict):
        raise Forged
    return found


def _within(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}
