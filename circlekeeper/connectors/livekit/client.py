"""Asking a LiveKit server: its Twirp services in JSON, and whether it would let a pass in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.meetings.provider import Connected, Trouble, Unavailable
from circlekeeper.connectors.livekit import passes
from circlekeeper.foundation import outgoing

NEEDED = ("address", "page", "key", "secret")
REFUSED, ACCEPTED, NO_ROOM = "refused", "accepted", "no such room"
NO_EGRESS = "not connected"
_CLOCK = timedelta(minutes=1)  # as far as the server itself forgives


def root(connected: Connected) -> str:
    """The server's address without a slash.

    :raises Unavailable: it was never connected, or no longer is.
    """
    if not all(connected.get(each) for each in NEEDED):
        raise Unavailable(Trouble.NOT_ALLOWED)
    return connected["address"].strip().rstrip("/")


def call(
    connected: Connected,
    method: str,
    asked: Mapping[str, object],
    grant: Mapping[str, object],
    *,
    now: datetime,
    secret: str = "",
) -> Mapping[str, Any]:
    """One call that worked, such as ``RoomService/ListRooms``; names of fields come back as in the protocol's own files.

    :raises Unavailable: GONE if there is no such room or person, CLOCK if our pass was refused because of the time.
    """
    said = _send(connected, method, asked, grant, now=now, secret=secret)
    if said.ok:
        return _object(said)
    raise Unavailable(Trouble.GONE if _error(said).get("code") == "not_found" else Trouble.NOT_UNDERSTOOD)


def egress(connected: Connected, room: str, *, now: datetime) -> list[Mapping[str, Any]] | None:
    """Every recording and broadcast of one room, past and present; None: the server says that it has no recorder."""
    said = _send(connected, "Egress/ListEgress", {"room_name": room}, {"roomRecord": True}, now=now)
    if not said.ok:
        if _error(said).get("msg", "").startswith("egress not connected"):
            return None
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return [each for each in rows(_object(said), "items") if each.get("room_name") == room]


def tried(connected: Connected, given: str = "") -> str:
    """Whether the server would let somebody in with this pass; nobody goes in. Without one: with nothing at all."""
    headers = {"Authorization": f"Bearer {given}"} if given else {}
    try:
        said = outgoing.ask("GET", f"{root(connected)}/rtc/validate", headers=headers)
    except Unavailable as failure:
        if failure.trouble is not Trouble.NOT_ALLOWED:
            raise
        return REFUSED
    if said.status == 404:
        return NO_ROOM
    return ACCEPTED if said.ok else REFUSED


def rows(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects.

    :raises Unavailable: it is none.
    """
    found = said.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found


def _send(
    connected: Connected,
    method: str,
    asked: Mapping[str, object],
    grant: Mapping[str, object],
    *,
    now: datetime,
    secret: str = "",
) -> outgoing.Answer:
    address = root(connected)
    headers = {"Authorization": f"Bearer {passes.ours(connected, grant, now=now, secret=secret)}"}
    try:
        return outgoing.ask("POST", f"{address}/twirp/livekit.{method}", headers=headers, json=dict(asked))
    except Unavailable as failure:
        if failure.trouble is Trouble.NOT_ALLOWED:
            _same_clock(address, now)
        raise


def _same_clock(address: str, now: datetime) -> None:
    """A refused key and a wrong clock look the same; the server's health page tells its time to everybody."""
    theirs = outgoing.ask("GET", f"{address}/").date()
    if theirs is not None and abs(theirs - now) > _CLOCK:
        raise Unavailable(Trouble.CLOCK) from None


def _object(said: outgoing.Answer) -> Mapping[str, Any]:
    found = said.json()
    if not isinstance(found, dict):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found


def _error(said: outgoing.Answer) -> Mapping[str, str]:
    try:
        found = _object(said)
    except Unavailable:
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}
