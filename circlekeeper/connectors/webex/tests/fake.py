"""Webex's API on loopback: keeps state, checks the token of every call, and misbehaves when told to.

After developer.webex.com: a token is had for a refresh token; ``automaticLockMinutes`` takes 0, 5, 10, 15 and 20 only; a
lobby is a kind of ``unlockedMeetingJoinSecurity``; ``sendEmail`` is never told again; an answer names the host with their
address.
"""

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
from circlekeeper.connectors.webex import notices
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

CLIENT, SECRET, REFRESH = "C" + "0a1b2c3d" * 8, "5ec7e7" * 10, "MDEyMzQ1Njc4" * 6
CONNECTED = {"client": CLIENT, "secret": SECRET, "refresh": REFRESH}
_DEFAULTS = {
    "unlockedMeetingJoinSecurity": "allowJoin",
    "enabledJoinBeforeHost": True,
    "enabledAutoRecordMeeting": True,
    "enableAutomaticLock": False,
    "automaticLockMinutes": 0,
    "enabledBreakoutSessions": True,
    "excludePassword": False,
    "publicMeeting": True,
    "allowAnyUserToBeCoHost": True,
    "allowFirstUserToBeCoHost": True,
    "meetingOptions": {"enabledFileTransfer": True, "enabledNote": True},
    "audioConnectionOptions": {"audioConnectionType": "webexAudio", "entryAndExitTone": "announceName"},
}


@dataclass
class FakeWebex:
    """``ignores``: settings answered with success and not stored; ``lacks``: never in an answer."""

    clock: datetime
    secret: str = SECRET
    may_call: bool = True
    spoiled: Said | None = None
    halved: bool = False
    stuck: bool = False
    forgets: bool = False
    ignores: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    leads_to: str = "https://willow.webex.com"
    tokens: set[str] = field(default_factory=set)
    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    recordings: dict[str, list[str]] = field(default_factory=dict)
    meeting_transcripts: dict[str, list[str]] = field(default_factory=dict)
    webhooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """One call, at the clock of this server."""
        self.heard.append(f"{asked.method} {asked.path} {asked.body!r}")
        said = self.spoiled or self._route(asked)
        date = {"Date": format_datetime(self.clock, usegmt=True)}
        return Said(said.status, said.body, {**date, **said.headers}, said.after)

    def _route(self, asked: Asked) -> Said:
        parts = urlsplit(asked.path)
        if parts.path == "/v1/access_token":
            return self._token(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _said(401, {"message": "The request requires a valid access token set."})
        told = json.loads(asked.body) if asked.body else {}
        query = {name: found[0] for name, found in parse_qs(parts.query).items()}
        what, *path = [unquote(each) for each in parts.path.removeprefix("/v1/").split("/")]
        if what == "webhooks":
            return self._webhooks(asked.method, path, told)
        if what in ("recordings", "meetingTranscripts"):
            return self._files(asked.method, what, path, query)
        return self._meetings(asked.method, path, told)

    def _token(self, asked: Asked) -> Said:
        given = {name: found[0] for name, found in parse_qs(asked.body.decode()).items()}
        right = {"client_id": CLIENT, "client_secret": self.secret, "refresh_token": REFRESH}
        if given != {"grant_type": "refresh_token", **right}:
            return _said(400, {"message": "client_id and client_secret do not match"})
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return _said(200, {"access_token": token, "expires_in": 1209599})

    def _meetings(self, method: str, path: list[str], told: dict[str, Any]) -> Said:
        if not path:
            return self._create(told) if method == "POST" else _said(200, {"items": []})
        kept = self.meetings.get(path[0])
        if kept is None:
            return _said(404, {"message": "The requested resource could not be found."})
        if method == "DELETE":
            if not self.stuck:
                self.meetings.pop(path[0])
            return Said(204)
        if method == "PATCH":
            if told.get("automaticLockMinutes", 0) not in (0, 5, 10, 15, 20):
                return _said(400, {"message": "Invalid automaticLockMinutes"})
            self._store(kept, told)
        return _said(200, self._shown(kept))

    def _create(self, told: Mapping[str, Any]) -> Said:
        if told.get("automaticLockMinutes", 0) not in (0, 5, 10, 15, 20):
            return _said(400, {"message": "Invalid automaticLockMinutes"})
        name = secrets.token_hex(16)
        kept: dict[str, Any] = {**_DEFAULTS, "id": name}
        self._store(kept, told)
        if not self.forgets:
            self.meetings[name] = kept
        return _said(200, {"title": kept["title"]} if self.halved else self._shown(kept))

    def _shown(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        found = {key: value for key, value in kept.items() if key not in (*self.lacks, "sendEmail")}
        link = f"{self.leads_to}/willow/j.php?MTID=m{kept['id']}"
        return {**found, "webLink": link, "hostEmail": f"{CANARY}@example.org", "hostDisplayName": CANARY}

    def _store(self, kept: dict[str, Any], told: Mapping[str, Any]) -> None:
        kept |= {key: value for key, value in told.items() if key not in self.ignores}

    def _files(self, method: str, what: str, path: list[str], query: Mapping[str, str]) -> Said:
        shelf = self.recordings if what == "recordings" else self.meeting_transcripts
        if method == "DELETE":
            for found in shelf.values():
                if path[0] in found and not self.stuck:
                    found.remove(path[0])
            return Said(204)
        return _said(200, {"items": [{"id": each, "topic": CANARY} for each in shelf.get(query["meetingId"], [])]})

    def _webhooks(self, method: str, path: list[str], told: dict[str, Any]) -> Said:
        if not self.may_call:
            return _said(403, {"message": "Missing scope"})
        if method == "DELETE":
            return Said(204) if self.webhooks.pop(path[0], None) else _said(404, {})
        name = secrets.token_hex(8)
        self.webhooks[name] = told
        return _said(200, {"id": name, **told})

    def kept(self) -> str:
        """Everything the server holds about us."""
        return f"{self.meetings} {self.webhooks} {self.heard}"


def call(resource: str, event: str, *, room: str, secret: str = SECRET, about: str = "m1_I_1") -> Call:
    """One call of Webex, signed; a real one names the host and whoever recorded."""
    told = {
        "id": "Y2lzY29zcGFyazov",
        "name": room,
        "resource": resource,
        "event": event,
        "data": {"id": about, "hostEmail": f"{CANARY}@example.org", "topic": CANARY},
    }
    body = json.dumps(told).encode()
    mark = hmac.new(notices.key(secret).encode(), body, hashlib.sha1).hexdigest()
    return Call("POST", "notice", {"x-spark-signature": mark}, body)


@contextmanager
def running(clock: datetime) -> Iterator[tuple[FakeWebex, str]]:
    """The server for as long as the block runs."""
    fake = FakeWebex(clock)
    with serving(fake.answer) as address:
        yield fake, address


def _said(status: int, told: Any) -> Said:
    return Said(status, json.dumps(told).encode())
