"""Slack's web API on loopback, with state, and ways to misbehave.

After its reference: almost every failure is a 200 with ``ok: false``; the scopes of a key come back in a header; a channel
the key's app was not invited to is ``channel_not_found``; ``num_members`` comes only when asked for.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from circlekeeper.foundation.tests.webserver import Asked, Said, serving

CHANNEL, TOKEN = "C0123456789", "xoxb-" + "1" * 24
OPEN = {
    "id": CHANNEL,
    "name": "Marigold-Ashworth-Canary",
    "creator": "U0456",
    "is_private": True,
    "is_ext_shared": False,
    "is_pending_ext_shared": False,
    "is_org_shared": False,
    "is_archived": False,
}


@dataclass
class FakeSlack:
    """Slack's state."""

    address: str = ""
    spoiled: Said | None = None
    token: str = TOKEN
    scopes: str = "groups:read"
    members: int = 9
    channel: dict[str, Any] = field(default_factory=lambda: dict(OPEN))
    heard: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """One request."""
        self.heard.append(f"{asked.method} {asked.path}")
        if self.spoiled is not None:
            return self.spoiled
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return self.no("invalid_auth")
        if asked.path == "/auth.test":
            return self.said({"ok": True, "team_id": "T0123"})
        if "groups:read" not in self.scopes:
            return self.no("missing_scope")
        told = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if asked.path != "/conversations.info" or told.get("channel") != self.channel["id"]:
            return self.no("channel_not_found")
        counted = {"num_members": self.members} if told.get("include_num_members") == "true" else {}
        return self.said({"ok": True, "channel": {**self.channel, **counted}})

    def no(self, why: str) -> Said:
        """Slack's way of saying no."""
        return self.said({"ok": False, "error": why})

    def said(self, told: dict[str, Any]) -> Said:
        """An answer, with the scopes of the key beside it."""
        return Said(200, json.dumps(told).encode(), {"X-OAuth-Scopes": self.scopes})


@contextmanager
def running() -> Iterator[FakeSlack]:
    """Slack for as long as the block runs."""
    fake = FakeSlack()
    with serving(fake.answer) as address:
        fake.address = address
        yield fake
