"""A Jitsi server on loopback: its page, its counter and its reservation module, with state, and ways to misbehave."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from circlekeeper.areas.meetings.provider import Call, Heard
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

APP, SECRET, WORD = "circle", "s" * 40, "w" * 40

PAGE = """\
var config = {
    hosts: { domain: 'meet.example.org', muc: 'conference.' + subdomain + 'meet.example.org' },
    // p2p: { enabled: true },  a comment says nothing
    p2p: { enabled: false, stunServers: [{ urls: 'stun:meet.example.org' }] },
    localRecording: { disable: true, disableSelfRecording: true },
    recordingService: { enabled: false },
    analytics: {},
    hideAddRoomButton: true,
    disableThirdPartyRequests: true,
};
if (subdomain) {
    subdomain = subdomain.toLowerCase();
}
if (!config.hasOwnProperty('gravatar')) config.gravatar = {};
config.gravatar.disabled = true;
"""


@dataclass
class FakeJitsi:
    """The server's state. ``late``: statements added to the page after somebody changed the server."""

    clock: datetime
    address: str = ""
    late: str = ""
    spoiled: Said | None = None
    rooms: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """One request from us."""
        self.heard.append(f"{asked.method} {asked.path} {dict(asked.headers)} {asked.body!r}")
        if self.spoiled is not None:
            return self.spoiled
        parts = urlsplit(asked.path)
        if parts.path == "/config.js":
            return self.said(200, (PAGE + self.late).encode())
        if parts.path == "/room-size":
            return self.size({name: values[0] for name, values in parse_qs(parts.query).items()})
        return self.said(404, b"")

    def said(self, status: int, body: bytes) -> Said:
        """An answer with this server's own clock in it."""
        return Said(status, body, {"Date": format_datetime(self.clock, usegmt=True)})

    def size(self, asked: dict[str, str]) -> Said:
        """Like ``mod_muc_size`` with ``enable_roomsize_token_verification``."""
        if self.claims(asked.get("token", ""), asked["room"]) is None:
            return self.said(403, b"")
        room = self.rooms.get(asked["room"])
        return (
            self.said(404, b"")
            if room is None
            else self.said(200, json.dumps({"participants": room["size"]}).encode())
        )

    def claims(self, pass_: str, room: str) -> dict[str, Any] | None:
        """What a pass says, checked with nothing of ours the way the server's own module does it; None: refused."""
        try:
            head, body, signature = pass_.split(".")
            wanted = hmac.new(SECRET.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
            claims: dict[str, Any] = json.loads(_bytes(body))
            right = hmac.compare_digest(wanted, _bytes(signature)) and json.loads(_bytes(head))["alg"] == "HS256"
        except ValueError:
            return None
        in_time = claims["nbf"] <= self.clock.timestamp() < claims["exp"]
        ours = (claims["iss"], claims["aud"], claims["sub"]) == (APP, APP, "127.0.0.1")
        return claims if right and in_time and ours and claims["room"] == room else None

    def join(self, link: str, ask: Callable[[Call], Heard]) -> str:
        """A browser opens a link: inside, in the lobby, or what refused it. The first one makes the server ask us."""
        parts = urlsplit(link)
        room = parts.path.strip("/")
        claims = self.claims(json.loads(unquote(parts.fragment.removeprefix("jwt="))), room)
        if claims is None:
            return "no pass"
        if room not in self.rooms and (refused := self.open(room, ask)):
            return refused
        found = self.rooms[room]
        if found["size"] >= found["max_occupants"]:
            return "full"
        if found["lobby"] and not claims["context"]["user"].get("lobby_bypass"):
            return "lobby"
        found["size"] += 1
        return "inside"

    def open(self, room: str, ask: Callable[[Call], Heard]) -> str:
        """What the reservation module does: it refuses unless the answer has every field it reads."""
        heard = ask(post(room, self.clock))
        said = json.loads(heard.body)
        if heard.status not in (200, 201):
            return f"{heard.status}: {said['message']}"
        if said["name"].lower() != room or not said["mail_owner"] or not said["id"]:
            return "answer not understood"
        begins = datetime.fromisoformat(said["start_time"]).timestamp()
        if begins + float(said["duration"]) < self.clock.timestamp():
            return "expired"
        self.rooms[room] = {**said, "size": 0}
        return ""

    def close(self, room: str, ask: Callable[[Call], Heard]) -> Heard:
        """Everybody has gone: the module says so."""
        return ask(Call("DELETE", f"conference/{self.rooms.pop(room)['id']}", bearer(WORD), b""))


def bearer(word: str) -> dict[str, str]:
    """The header the module is set to send."""
    return {"authorization": f"Bearer {word}"}


def post(room: str, asked_at: datetime, word: str = WORD) -> Call:
    """The module asks whether a room may open; the owner it names is the person who came first."""
    said = {
        "name": room,
        "start_time": asked_at.isoformat(),
        "mail_owner": "Marigold-Ashworth-Canary@meet.example.org",
    }
    return Call("POST", "conference", bearer(word), urlencode(said).encode())


@contextmanager
def running(clock: datetime) -> Iterator[FakeJitsi]:
    """A server for as long as the block runs."""
    fake = FakeJitsi(clock)
    with serving(fake.answer) as address:
        fake.address = address
        yield fake


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
