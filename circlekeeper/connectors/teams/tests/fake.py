"""Microsoft's sign-in and Graph on loopback: keeps state, checks the token of every call, and misbehaves when told to.

After learn.microsoft.com/graph (v1.0): an app needs the permission and an access policy for the account, or gets 403;
``joinMeetingIdSettings`` is taken at creation only; the times of a meeting change together or not at all; a subscription
is only made once our address has said a token again, no longer than 4230 minutes, with a lifecycle address beyond an hour;
an answer names the organizer with name and address; there is no call to delete a recording or to end a meeting.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from circlekeeper.areas.meetings.provider import Call, Heard
from circlekeeper.areas.meetings.tests.contract import CANARY
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

TENANT = "7a1f0c52-93f4-4bb1-8f44-0a5b7f0a1c11"
APP = "0c9d2a3e-2f62-4a6b-9d0e-6a2b3c4d5e6f"
ORGANIZER = "b5e8a1d4-1111-4f3a-9c77-52aa33bb44cc"
SECRET = "Qx~8Q~ZfP2kLr0vN5tYwB7cD9eF1gH3jK4m"
CONNECTED = {"tenant": TENANT, "app": APP, "secret": SECRET, "organizer": ORGANIZER}
_DEFAULTS = {
    "lobbyBypassSettings": {"scope": "organization", "isDialInBypassEnabled": True},
    "allowedLobbyAdmitters": "organizerAndCoOrganizersAndPresenters",
    "allowedPresenters": "everyone",
    "recordAutomatically": False,
    "allowRecording": True,
    "allowTranscription": True,
    "allowBreakoutRooms": True,
    "allowMeetingChat": "enabled",
    "shareMeetingChatHistoryDefault": "all",
    "isEntryExitAnnounced": True,
    "allowParticipantsToChangeName": False,
    "allowCopyingAndSharingMeetingContent": True,
    "watermarkProtection": {"isEnabledForContentSharing": True, "isEnabledForVideo": True},
    "joinMeetingIdSettings": {"isPasscodeRequired": False},
    "audioConferencing": None,
}


@dataclass
class FakeGraph:
    """Both servers' state. ``ignores``: settings answered with success and not stored; ``lacks``: never in an answer."""

    clock: datetime
    secret: str = SECRET
    policy: bool = True
    may_subscribe: bool = True
    spoiled: Said | None = None
    halved: bool = False
    stuck: bool = False
    forgets: bool = False
    ignores: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    tokens: set[str] = field(default_factory=set)
    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    recordings: dict[str, list[str]] = field(default_factory=dict)
    transcripts: dict[str, list[str]] = field(default_factory=dict)
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    hook: Callable[[Call], Heard] | None = None
    made: int = 0

    def answer(self, asked: Asked) -> Said:
        """One call, at the clock of this server."""
        self.heard.append(f"{asked.method} {asked.path} {asked.body!r}")
        said = self.spoiled or self._route(asked)
        return Said(
            said.status, said.body, {"Date": format_datetime(self.clock, usegmt=True), **said.headers}, said.after
        )

    def _route(self, asked: Asked) -> Said:
        parts = urlsplit(asked.path)
        if parts.path == f"/{TENANT}/oauth2/v2.0/token":
            return self._token(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _said(401, {"error": {"code": "InvalidAuthenticationToken"}})
        told = json.loads(asked.body) if asked.body else {}
        path = [unquote(each) for each in parts.path.removeprefix("/v1.0/").split("/")]
        if path[0] == "subscriptions":
            return self._subscriptions(asked.method, path[1:], told)
        if path[:3] != ["users", ORGANIZER, "onlineMeetings"] or not self.policy:
            return _said(
                403, {"error": {"code": "Forbidden", "message": f"No application access policy, {CANARY}"}}
            )
        return self._meetings(asked.method, path[3:], told, parts.query)

    def _token(self, asked: Asked) -> Said:
        given = {name: found[0] for name, found in parse_qs(asked.body.decode()).items()}
        if given.get("client_id") != APP or given.get("grant_type") != "client_credentials":
            return _said(400, {"error": "unauthorized_client"})
        if (
            given.get("client_secret") != self.secret
            or given.get("scope") != "https://graph.microsoft.com/.default"
        ):
            return _said(401, {"error": "invalid_client"})
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return _said(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _meetings(self, method: str, path: list[str], told: dict[str, Any], query: str) -> Said:
        if not path:
            return self._create(told) if method == "POST" else _said(404 if "filter" in query else 400, {})
        kept = self.meetings.get(path[0])
        if kept is None:
            return _said(404, {"error": {"code": "NotFound"}})
        if len(path) == 2:
            return _said(200, {"value": [{"id": each} for each in getattr(self, path[1]).get(path[0], [])]})
        if method == "DELETE":
            if not self.stuck:
                self.meetings.pop(path[0])
            return Said(204)
        if method == "PATCH":
            if "joinMeetingIdSettings" in told or ("startDateTime" in told) != ("endDateTime" in told):
                return _said(400, {"error": {"code": "BadRequest"}})
            self._store(kept, told)
        return _said(200, {key: value for key, value in kept.items() if key not in self.lacks})

    def _create(self, told: Mapping[str, Any]) -> Said:
        self.made += 1
        name = f"MSpiM2U4{self.made}*0**19:meeting_{self.made}@thread.v2".replace("@", "_at_")
        link = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{self.made}/0?context=%7b%22Tid%22%3a%22{TENANT}%22%7d"
        kept: dict[str, Any] = {**_DEFAULTS, "id": name, "joinWebUrl": link}
        self._store(kept, told)
        if not self.forgets:
            self.meetings[name] = kept
        whole = {**kept, "participants": {"organizer": {"upn": f"{CANARY}@example.org"}, "attendees": []}}
        return _said(201, {"id": name} if self.halved else whole)

    def _store(self, kept: dict[str, Any], told: Mapping[str, Any]) -> None:
        kept |= {key: value for key, value in told.items() if key not in self.ignores}

    def _subscriptions(self, method: str, path: list[str], told: dict[str, Any]) -> Said:
        if method == "POST":
            return self._subscribe(told)
        if path[0] not in self.subscriptions:
            return _said(404, {"error": {"code": "ResourceNotFound"}})
        if method == "DELETE":
            self.subscriptions.pop(path[0])
            return Said(204)
        self.subscriptions[path[0]] |= told
        return _said(200, self.subscriptions[path[0]])

    def _subscribe(self, told: dict[str, Any]) -> Said:
        if not self.may_subscribe:
            return _said(403, {"error": {"code": "ExtensionError"}})
        lasts = datetime.fromisoformat(told["expirationDateTime"]) - self.clock
        beyond = lasts > timedelta(hours=1) and "lifecycleNotificationUrl" not in told
        if lasts > timedelta(minutes=4230) or beyond or len(told["clientState"]) > 128:
            return _said(400, {"error": {"code": "InvalidRequest"}})
        for each in ("notificationUrl", "lifecycleNotificationUrl"):
            call = Call(
                "POST", told[each].split("/hooks/c1/")[1], {}, b"", "validationToken=Validation%3a+ok+%3c1%3e"
            )
            said = self.hook(call) if self.hook else None
            if said and (said.status, said.body, said.content_type) != (200, b"Validation: ok <1>", "text/plain"):
                return _said(400, {"error": {"code": "ValidationError"}})
        name = secrets.token_hex(8)
        self.subscriptions[name] = dict(told)
        return _said(201, {"id": name, **told})

    def kept(self) -> str:
        """Everything the servers hold about us."""
        return f"{self.meetings} {self.subscriptions} {self.heard}"


def notice(state: str, *, path: str = "notice", **more: Any) -> Call:
    """One call of Graph; a real one names the recording in its ``resource`` and nobody."""
    told = {
        "subscriptionId": "f37536ac",
        "clientState": state,
        "tenantId": TENANT,
        "changeType": "created",
        "resource": f"communications/onlineMeetings('MSp')/recordings('{CANARY}')",
        **more,
    }
    return Call("POST", path, {}, json.dumps({"value": [told]}).encode())


@contextmanager
def running(clock: datetime) -> Iterator[tuple[FakeGraph, str]]:
    """Both servers at one address for as long as the block runs."""
    fake = FakeGraph(clock)
    with serving(fake.answer) as address:
        yield fake, address


def _said(status: int, told: Any) -> Said:
    return Said(status, json.dumps(told).encode())
