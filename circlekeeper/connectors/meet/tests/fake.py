"""Google's sign-in and Meet's REST API on loopback, with state, and ways to misbehave.

After the reference of Meet's v2 API: a code is an alias of a space; an enumeration nobody set is left out, and so is an
empty list; the scope that may only look can neither change nor end; a consent that was taken back is answered with 400.
"""

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from circlekeeper.foundation.tests.webserver import Asked, Said, serving

CODE, SPACE = "abc-mnop-xyz", "spaces/jQCFfuBOdN5z"
CONNECTED = {"client_id": "circle.apps.example", "client_secret": "c" * 24, "refresh_token": "1//r" + "r" * 40}
CONFIG = {
    "accessType": "RESTRICTED",
    "entryPointAccess": "ALL",
    "moderation": "ON",
    "moderationRestrictions": {"presentRestriction": "HOSTS_ONLY", "chatRestriction": "NO_RESTRICTION"},
    "attendanceReportGenerationType": "DO_NOT_GENERATE",
    "artifactConfig": {
        "recordingConfig": {"autoRecordingGeneration": "OFF"},
        "transcriptionConfig": {"autoTranscriptionGeneration": "OFF"},
        "smartNotesConfig": {"autoSmartNotesGeneration": "OFF"},
    },
}


@dataclass
class FakeGoogle:
    """Google's state. ``held``: what was held in the space, by its name, with what was kept of it."""

    address: str = ""
    spoiled: Said | None = None
    revoked: bool = False
    space: dict[str, Any] = field(
        default_factory=lambda: {"name": SPACE, "meetingCode": CODE, "config": copy.deepcopy(CONFIG)}
    )
    held: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    given: int = 0

    def answer(self, asked: Asked) -> Said:
        """One request."""
        self.heard.append(f"{asked.method} {asked.path}")
        if asked.path == "/token":
            return self.sign_in({name: values[0] for name, values in parse_qs(asked.body.decode()).items()})
        if asked.headers.get("authorization") != f"Bearer hour-{self.given}" or asked.method != "GET":
            return _said(401, {"error": {"status": "UNAUTHENTICATED"}})
        return self.spoiled or self.read(urlsplit(asked.path).path.removeprefix("/v2/"), asked.path)

    def sign_in(self, told: dict[str, str]) -> Said:
        """An entrance for an hour; the one before is no longer good here."""
        if self.revoked or told != {**CONNECTED, "grant_type": "refresh_token"}:
            return _said(400, {"error": "invalid_grant"})
        self.given += 1
        return _said(200, {"access_token": f"hour-{self.given}", "expires_in": 3599, "token_type": "Bearer"})

    def read(self, path: str, whole: str) -> Said:
        """Spaces by code or name; conferences by the filter; what was kept of one."""
        if path in (f"spaces/{CODE}", self.space["name"]):
            return _said(200, self.space)
        if path == "conferenceRecords":
            wanted = parse_qs(urlsplit(whole).query)["filter"][0]
            here = f'space.name = "{self.space["name"]}" AND start_time>="' in wanted
            names = [{"name": name} for name in self.held] if here else []
            return _said(200, {"conferenceRecords": names} if names else {})
        conference, _, kind = path.rpartition("/")
        if conference in self.held:
            kept = self.held[conference].get(kind, [])
            return _said(200, {kind: kept} if kept else {})
        return _said(404, {"error": {"status": "NOT_FOUND"}})


@contextmanager
def running() -> Iterator[FakeGoogle]:
    """Google for as long as the block runs."""
    fake = FakeGoogle()
    with serving(fake.answer) as address:
        fake.address = address
        yield fake


def _said(status: int, body: dict[str, Any]) -> Said:
    return Said(status, json.dumps(body).encode())
