"""Calls of Webex, one agreement for each meeting and kind, under the room's own name; people in them are dropped.

``X-Spark-Signature`` is the HMAC-SHA1 of the body under a secret we hand over; there is no time in it, so a call said again
is told apart by its own name.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

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
from circlekeeper.connectors.webex.client import Webex

KINDS = {
    ("recordings", "created"): EventKind.RECORDING,
    ("meetingTranscripts", "created"): EventKind.RECORDING,
    ("meetings", "started"): EventKind.STARTED,
    ("meetings", "ended"): EventKind.ENDED,
    ("meetings", "updated"): EventKind.CHANGED,
}
_NOT_GIVEN = (Trouble.NOT_ALLOWED, Trouble.NOT_UNDERSTOOD)


def key(secret: str) -> str:
    """What Webex signs its calls with: made from the app's secret, which is not handed over for it."""
    return hmac.new(secret.encode(), b"circlekeeper webex notices", hashlib.sha256).hexdigest()


def begin(webex: Webex, session: Session) -> list[str]:
    """Ask to be called; what the scopes do not allow is left out. Returns the names of the agreements."""
    made = []
    for resource, event in KINDS if session.hook else ():
        told = {
            "name": session.room,
            "targetUrl": f"{session.hook}notice",
            "resource": resource,
            "event": event,
            "secret": key(session.connected["secret"]),
        }
        try:
            said = webex.ask("POST", "/webhooks", told)
        except Unavailable as failure:
            if failure.trouble not in _NOT_GIVEN:
                raise
            continue
        if isinstance(said, dict) and said.get("id"):
            made.append(str(said["id"]))
    return made


def agreed(session: Session) -> list[str]:
    """The names of the agreements a meeting has."""
    return [each for each in session.remote.get("notices", "").split(",") if each]


def stop(webex: Webex, session: Session) -> None:
    """Ask for no more; what is gone already is gone."""
    for each in agreed(session):
        try:
            webex.ask("DELETE", f"/webhooks/{quote(each, safe='')}")
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise


def hear(connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
    """Read what Webex tells.

    :raises Forged: it does not bear the signature we agreed on, or is no call of Webex.
    """
    if not connected.get("secret") or call.method != "POST":
        raise Forged
    right = hmac.new(key(connected["secret"]).encode(), call.body, hashlib.sha1).hexdigest()
    if not hmac.compare_digest(right.encode(), call.headers.get("x-spark-signature", "").encode()):
        raise Forged
    said = _object(call.body)
    kind = KINDS.get((str(said.get("resource")), str(said.get("event"))))
    room = str(said.get("name"))
    if kind is None or find(room) is None:
        return Heard()
    about = said.get("data")
    named = [str(said.get("id")), str(said.get("event")), str(about.get("id") if isinstance(about, dict) else "")]
    once = hashlib.sha256(json.dumps(["webex", *named]).encode()).hexdigest()[:32]
    return Heard((Event(kind, room, now, once),))


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Forged from None
    if not isinstance(found, dict):
        raise Forged
    return found
