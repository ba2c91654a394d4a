"""Discord's REST API (v10) on loopback, with state, and ways to misbehave.

After its reference: permissions are numbers written as text; the role of everybody has the server's own number; a bot's own
role bears its mark; a channel the bot cannot see is 403.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from circlekeeper.foundation.tests.webserver import Asked, Said, serving

GUILD, CHANNEL, ME = "811111111111111111", "822222222222222222", "833333333333333333"
MEMBERS, HOSTS = "844444444444444444", "855555555555555555"
TOKEN = "M" * 26 + ".Gabcde." + "x" * 38
VIEW, STREAM, MUTE = 1 << 10, 1 << 9, 1 << 22


def _channel() -> dict[str, Any]:
    return {
        "id": CHANNEL,
        "guild_id": GUILD,
        "type": 2,
        "name": "Marigold-Ashworth-Canary",
        "permission_overwrites": [
            {"id": GUILD, "type": 0, "allow": "0", "deny": str(VIEW | STREAM)},
            {"id": MEMBERS, "type": 0, "allow": str(VIEW), "deny": "0"},
            {"id": HOSTS, "type": 0, "allow": str(VIEW | STREAM | MUTE), "deny": "0"},
        ],
    }


def _guild() -> dict[str, Any]:
    return {
        "id": GUILD,
        "name": "Marigold-Ashworth-Canary",
        "mfa_level": 1,
        "roles": [
            {"id": GUILD, "name": "@everyone", "permissions": str(VIEW | STREAM)},
            {"id": MEMBERS, "name": "circle", "permissions": str(STREAM)},
            {"id": HOSTS, "name": "hosts", "permissions": "0"},
            {"id": "866666666666666666", "name": "looker", "permissions": str(VIEW), "tags": {"bot_id": ME}},
            {
                "id": "877777777777777777",
                "name": "music",
                "permissions": "0",
                "tags": {"bot_id": "888888888888888888"},
            },
        ],
    }


@dataclass
class FakeDiscord:
    """Discord's state. ``unseen``: the bot was not let into the channel."""

    address: str = ""
    spoiled: Said | None = None
    token: str = TOKEN
    unseen: bool = False
    channel: dict[str, Any] = field(default_factory=_channel)
    guild: dict[str, Any] = field(default_factory=_guild)
    heard: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """One request."""
        self.heard.append(f"{asked.method} {asked.path}")
        if self.spoiled is not None:
            return self.spoiled
        if not asked.headers.get("user-agent", "").startswith("DiscordBot ("):
            return _said(403, {"message": "blocked"})
        if asked.headers.get("authorization") != f"Bot {self.token}":
            return _said(401, {"message": "401: Unauthorized", "code": 0})
        if asked.path == f"/channels/{CHANNEL}" and self.unseen:
            return _said(403, {"message": "Missing Access", "code": 50001})
        known = {
            f"/channels/{CHANNEL}": self.channel,
            f"/guilds/{GUILD}": self.guild,
            "/users/@me": {"id": ME, "bot": True},
        }
        if asked.method != "GET" or asked.path not in known:
            return _said(404, {"message": "404: Not Found", "code": 0})
        return _said(200, known[asked.path])

    def overwrite(self, role: str, **changed: str) -> None:
        """Somebody changes the channel's permissions."""
        row = next((each for each in self.channel["permission_overwrites"] if each["id"] == role), None)
        if row is None:
            row = {"id": role, "type": 1, "allow": "0", "deny": "0"}
            self.channel["permission_overwrites"].append(row)
        row.update(changed)


@contextmanager
def running() -> Iterator[FakeDiscord]:
    """Discord for as long as the block runs."""
    fake = FakeDiscord()
    with serving(fake.answer) as address:
        fake.address = address
        yield fake


def _said(status: int, body: dict[str, Any]) -> Said:
    return Said(status, json.dumps(body).encode())
