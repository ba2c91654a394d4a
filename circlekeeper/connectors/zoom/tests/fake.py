"""Zoom's sign-in and API on loopback: keeps state, checks the token of every call, and misbehaves when told to.

After developers.zoom.us: a meeting made by API takes nothing over from its user; a passcode is made up if none is sent; a
missing scope is status 400 with code 4711; no recordings is 404 with code 3301; ending what does not run is an error; an
answer names the host with their address; a retried call has the same body.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from circlekeeper.areas.meetings.provider import Call
from circlekeeper.areas.meetings.tests.contract import CANARY
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

ACCOUNT, CLIENT, HOST = "aBc-dEfGhIjKlMnOpQrStU", "cLiEnT0123456789abcdef", "uSeR0123456789abcdefAB"
SECRET, WEBHOOK = "sEcReT0123456789sEcReT0123456789", "wEbHoOk-0123456789"
CONNECTED = {"account": ACCOUNT, "client": CLIENT, "secret": SECRET, "host": HOST, "webhook": WEBHOOK}


def _defaults() -> dict[str, Any]:
    """A user as Zoom makes them: everything that a group would not want is on."""
    return {
        "recording": {"cloud_recording": True, "local_recording": True},
        "in_meeting": {
            "who_can_share_screen": "all",
            "meeting_summary_with_ai_companion": {"enable": True},
            "auto_saving_chat": True,
            "private_chat": True,
            "file_transfer": True,
            "allow_participants_to_rename": False,
            "feedback": True,
        },
    }


@dataclass
class FakeZoom:
    """``ignores``: settings answered with success and not stored; ``lacks``: never in an answer; ``locked``: by an admin."""

    clock: datetime
    secret: str = SECRET
    may_see_locks: bool = True
    spoiled: Said | None = None
    halved: bool = False
    stuck: bool = False
    forgets: bool = False
    running: bool = False
    ignores: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    leads_to: str = "https://us05web.zoom.us"
    locked: dict[str, Any] = field(default_factory=dict)
    user: dict[str, Any] = field(default_factory=_defaults)
    tokens: set[str] = field(default_factory=set)
    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    recordings: dict[str, list[str]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    made: int = 81234567890

    def answer(self, asked: Asked) -> Said:
        """One call, at the clock of this server."""
        self.heard.append(f"{asked.method} {asked.path} {asked.body!r}")
        said = self.spoiled or self._route(asked)
        date = {"Date": format_datetime(self.clock, usegmt=True)}
        return Said(said.status, said.body, {**date, **said.headers}, said.after)

    def _route(self, asked: Asked) -> Said:
        parts = urlsplit(asked.path)
        if parts.path == "/oauth/token":
            return self._token(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _said(401, {"code": 124, "message": "Invalid access token."})
        told = json.loads(asked.body) if asked.body else {}
        path = [unquote(each) for each in parts.path.removeprefix("/v2/").split("/")]
        if path == ["accounts", "me", "lock_settings"]:
            return _said(200, self.locked) if self.may_see_locks else _said(400, {"code": 4711})
        if path[0] == "users":
            return self._users(asked.method, path[1:], told)
        return self._meetings(asked.method, path[1:], told)

    def _token(self, asked: Asked) -> Said:
        given = {name: found[0] for name, found in parse_qs(asked.body.decode()).items()}
        pair = base64.b64encode(f"{CLIENT}:{self.secret}".encode()).decode()
        if given != {"grant_type": "account_credentials", "account_id": ACCOUNT}:
            return _said(400, {"error": "unsupported_grant_type"})
        if asked.headers.get("authorization") != f"Basic {pair}":
            return _said(400, {"error": "invalid_client"})
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return _said(200, {"token_type": "bearer", "expires_in": 3599, "access_token": token})

    def _users(self, method: str, path: list[str], told: dict[str, Any]) -> Said:
        if path[0] != HOST:
            return _said(404, {"code": 1001, "message": f"User does not exist: {CANARY}"})
        if path[1] == "meetings":
            return self._create(told)
        if method == "PATCH":
            for part, wanted in told.items():
                self._store(self.user[part], wanted)
            return Said(204)
        return _said(200, self._without(self.user))

    def _create(self, told: Mapping[str, Any]) -> Said:
        self.made += 1
        number = str(self.made)
        kept: dict[str, Any] = {"id": self.made, "password": "made-up", "settings": {}}
        self._store(kept, told)
        if not self.forgets:
            self.meetings[number] = kept
        return _said(201, {"topic": kept["topic"]} if self.halved else self._shown(kept))

    def _shown(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        links = {
            "start_url": f"{self.leads_to}/s/{kept['id']}?zak=eyJ{secrets.token_hex(8)}",
            "join_url": f"{self.leads_to}/j/{kept['id']}",
        }
        links["status"] = "started" if self.running else "waiting"
        return {**self._without(kept), **links, "host_email": f"{CANARY}@example.org"}

    def _meetings(self, method: str, path: list[str], told: dict[str, Any]) -> Said:
        kept = self.meetings.get(path[0])
        if path[1:] == ["recordings"]:
            return self._recordings(method, path[0])
        if kept is None:
            return _said(404, {"code": 3001, "message": "Meeting does not exist."})
        if path[1:] == ["invite_links"]:
            name = told["attendees"][0]["name"]
            token = f"{self.leads_to}/w/{kept['id']}?tk={secrets.token_hex(12)}"
            return _said(201, {"attendees": [{"name": name, "join_url": token}]})
        if path[1:] == ["status"]:
            return Said(204) if self.running else _said(400, {"code": 3161, "message": "Not in progress."})
        if method == "DELETE":
            if not self.stuck:
                self.meetings.pop(path[0])
            return Said(204)
        if method == "PATCH":
            self._store(kept, told)
            return Said(204)
        return _said(200, self._shown(kept))

    def _recordings(self, method: str, number: str) -> Said:
        if number not in self.recordings:
            return _said(404, {"code": 3301, "message": "This recording does not exist."})
        if method == "DELETE":
            if not self.stuck:
                self.recordings.pop(number)
            return Said(204)
        return _said(200, {"recording_files": [{"id": each} for each in self.recordings[number]]})

    def _store(self, kept: dict[str, Any], told: Mapping[str, Any]) -> None:
        for key, value in told.items():
            if key == "settings":
                self._store(kept[key], value)
            elif key not in self.ignores:
                kept[key] = value

    def _without(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        found = {key: value for key, value in kept.items() if key not in self.lacks}
        return {key: self._without(value) if isinstance(value, dict) else value for key, value in found.items()}

    def kept(self) -> str:
        """Everything the servers hold about us."""
        return f"{self.meetings} {self.user} {self.heard}"


def call(event: str, now: datetime, *, topic: str, key: str = WEBHOOK, **more: Any) -> Call:
    """One call of Zoom, signed; a real one names whoever did it."""
    person = {"user_name": CANARY, "email": f"{CANARY}@example.org", "public_ip": "203.0.113.7"}
    about = {"id": "81234567891", "uuid": "u0u1/u2==", "topic": topic, "participant": person}
    said = {"event": event, "event_ts": 1795456200000, "payload": {"account_id": ACCOUNT, "object": about, **more}}
    return signed(json.dumps(said).encode(), now, key)


def signed(body: bytes, now: datetime, key: str = WEBHOOK) -> Call:
    """A body with the two headers Zoom sends."""
    stamp = str(int(now.timestamp()))
    mark = hmac.new(key.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return Call("POST", "", {"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={mark}"}, body)


@contextmanager
def running(clock: datetime) -> Iterator[tuple[FakeZoom, str]]:
    """Both servers at one address for as long as the block runs."""
    fake = FakeZoom(clock)
    with serving(fake.answer) as address:
        yield fake, address


def _said(status: int, told: Any) -> Said:
    return Said(status, json.dumps(told).encode())
