"""A LiveKit server on loopback that keeps state, checks every pass itself, and misbehaves when told to.

After the server's own source (livekit 1.x, `pkg/service`, `pkg/rtc`, `protocol/auth`): names of fields come back as in the
protocol's files with every default written out; a room that is there is answered as it is, whatever ``CreateRoom`` asks;
what a pass leaves out is allowed; an empty list of sources is all of them; ``RemoveParticipant`` takes no pass back; without
a recorder ``ListEgress`` is an internal error; a pass is good for a minute longer than it says.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

from circlekeeper.areas.meetings.provider import Call
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

KEY, SECRET = "APIcircle", "s" * 43
_LEEWAY = 60
_SOURCES = ("camera", "microphone", "screen_share", "screen_share_audio")


@dataclass
class FakeLiveKit:
    """The server's state. ``ignores``: fields of ``CreateRoom`` it drops; ``recorder``: whether it has one at all."""

    clock: datetime
    address: str = ""
    secret: str = SECRET
    spoiled: Said | None = None
    ignores: tuple[str, ...] = ()
    auto_create: bool = False
    recorder: bool = True
    stuck: bool = False
    rooms: dict[str, dict[str, Any]] = field(default_factory=dict)
    inside: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    egress: list[dict[str, Any]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """One request."""
        bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
        self.heard.append(f"{asked.method} {asked.path} {asked.body!r}")
        if asked.path in ("/", "/room/"):
            return self.said(200, b"OK")
        if self.spoiled is not None:
            return self.spoiled
        claims = self.claims(bearer)
        if asked.path == "/rtc/validate":
            return self.validate(claims)
        if not asked.path.startswith("/twirp/livekit.") or asked.method != "POST":
            return self.said(404, b"404 page not found")
        if claims is None:
            return self.error(401, "unauthenticated", "invalid authorization token")
        call = asked.path.rpartition("/")[2]
        told = json.loads(asked.body)
        if not self.granted(call, told, claims["video"]):
            return self.error(401, "unauthenticated", "permissions denied")
        return getattr(self, f"on_{call}")(told)  # type: ignore[no-any-return]

    def said(self, status: int, body: bytes) -> Said:
        """An answer with this server's own clock in it."""
        return Said(status, body, {"Date": format_datetime(self.clock, usegmt=True)})

    def reply(self, told: Mapping[str, Any]) -> Said:
        """An answer of Twirp."""
        return self.said(200, json.dumps(told).encode())

    def error(self, status: int, code: str, words: str) -> Said:
        """A failure of Twirp."""
        return self.said(status, json.dumps({"code": code, "msg": words}).encode())

    def claims(self, pass_: str) -> dict[str, Any] | None:
        """What a pass says, checked with nothing of ours; None: refused."""
        try:
            head, body, signature = pass_.split(".")
            wanted = hmac.new(self.secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
            right = hmac.compare_digest(wanted, _bytes(signature)) and json.loads(_bytes(head))["alg"] == "HS256"
            claims: dict[str, Any] = json.loads(_bytes(body))
            in_time = claims.get("nbf", 0) - _LEEWAY <= self.clock.timestamp() < claims["exp"] + _LEEWAY
        except (ValueError, KeyError):
            return None
        return claims if right and in_time and claims["iss"] == KEY else None

    def granted(self, call: str, told: Mapping[str, Any], video: Mapping[str, Any]) -> bool:
        """The server's own table of who may call what."""
        if call in ("CreateRoom", "DeleteRoom"):
            return bool(video.get("roomCreate"))
        if call == "ListRooms":
            return bool(video.get("roomList"))
        if call == "ListEgress":
            return bool(video.get("roomRecord"))
        return bool(video.get("roomAdmin")) and video.get("room") == told["room"]

    def validate(self, claims: Mapping[str, Any] | None) -> Said:
        """Whether this pass would come in; nobody does."""
        if claims is None or not claims["video"].get("roomJoin"):
            return self.said(401, b"permissions denied")
        if claims["video"]["room"] not in self.rooms and not self.auto_create:
            return self.said(404, b"requested room does not exist")
        return self.said(200, b"success")

    def on_CreateRoom(self, told: Mapping[str, Any]) -> Said:
        """A room that is there is answered as it is."""
        room = self.rooms.setdefault(
            told["name"],
            {
                "sid": "RM_1",
                "name": told["name"],
                "empty_timeout": 300,
                "departure_timeout": 20,
                "max_participants": 0,
                "metadata": "",
                "active_recording": False,
                "creation_time": str(int(self.clock.timestamp())),
                **{key: value for key, value in told.items() if key not in self.ignores},
            },
        )
        return self.reply({**room, "num_participants": len(self.inside.get(told["name"], {}))})

    def on_ListRooms(self, told: Mapping[str, Any]) -> Said:
        """Those named; without names, all."""
        names = told.get("names") or list(self.rooms)
        return self.reply({"rooms": [each for name, each in self.rooms.items() if name in names]})

    def on_DeleteRoom(self, told: Mapping[str, Any]) -> Said:
        """A stuck server says the same and goes on."""
        if told["room"] not in self.rooms:
            return self.error(404, "not_found", "requested room does not exist")
        if not self.stuck:
            del self.rooms[told["room"]]
            self.inside.pop(told["room"], None)
        return self.reply({})

    def on_ListParticipants(self, told: Mapping[str, Any]) -> Said:
        """Everybody inside, machines too."""
        return self.reply({"participants": list(self.inside.get(told["room"], {}).values())})

    def on_RemoveParticipant(self, told: Mapping[str, Any]) -> Said:
        """Puts out; their pass goes on being good."""
        if told["identity"] not in self.inside.get(told["room"], {}):
            return self.error(404, "not_found", "participant does not exist")
        if not self.stuck:
            del self.inside[told["room"]][told["identity"]]
        return self.reply({})

    def on_UpdateParticipant(self, told: Mapping[str, Any]) -> Said:
        """New permissions; tracks they do not cover are taken away."""
        person = self.inside.get(told["room"], {}).get(told["identity"])
        if person is None:
            return self.error(404, "not_found", "participant does not exist")
        if not self.stuck:
            person["permission"] = told["permission"]
            allowed = told["permission"]["can_publish_sources"]
            person["tracks"] = [each for each in person["tracks"] if each["source"] in allowed]
        return self.reply(person)

    def on_ListEgress(self, told: Mapping[str, Any]) -> Said:
        """Past ones too."""
        if not self.recorder:
            return self.error(500, "internal", "egress not connected (redis required)")
        return self.reply({"items": self.egress, "next_page_token": None})

    def join(self, link: str) -> str:
        """A browser opens a link and the page connects: inside, or what refused it."""
        given = parse_qs(urlsplit(link).fragment)
        claims = self.claims(given["token"][0])
        if claims is None or not claims["video"].get("roomJoin"):
            return "refused"
        room = claims["video"]["room"]
        if room not in self.rooms and not self.auto_create:
            return "no such room"
        people = self.inside.setdefault(room, {})
        most = self.rooms[room]["max_participants"]
        if most and len(people) >= most:
            return "full"
        people[claims["sub"]] = self.person(claims)
        return "inside"

    def person(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """How somebody is listed."""
        video = claims["video"]
        sources = video.get("canPublishSources") or _SOURCES
        return {
            "identity": claims["sub"],
            "name": claims.get("name", ""),
            "kind": "STANDARD",
            "attributes": claims.get("attributes", {}),
            "tracks": [],
            "permission": {
                "can_publish": video.get("canPublish", True),
                "can_subscribe": video.get("canSubscribe", True),
                "can_publish_data": video.get("canPublishData", True),
                "can_publish_sources": [each.upper() for each in sources],
                "can_update_metadata": video.get("canUpdateOwnMetadata", False),
                "hidden": video.get("hidden", False),
                "recorder": video.get("recorder", False),
                "agent": video.get("agent", False),
            },
        }

    def publish(self, room: str, identity: str, source: str) -> bool:
        """A browser sends a track; the server refuses a source that is not in the pass."""
        person = self.inside[room][identity]
        if source not in person["permission"]["can_publish_sources"]:
            return False
        person["tracks"].append({"sid": "TR_1", "source": source})
        return True


def webhook(
    said: Mapping[str, Any], at: datetime, *, secret: str = SECRET, body: bytes = b"", key: str = KEY
) -> Call:
    """What the server posts: five minutes good, signed over the body. ``body``: another one than was signed for."""
    sent = json.dumps(said).encode()
    covered = base64.b64encode(hashlib.sha256(sent).digest()).decode()
    times = {"nbf": int(at.timestamp()), "exp": int((at + timedelta(minutes=5)).timestamp())}
    signed = jwt.encode({"iss": key, "sha256": covered, **times}, secret, algorithm="HS256")
    return Call("POST", "", {"authorization": signed, "content-type": "application/webhook+json"}, body or sent)


@contextmanager
def running(clock: datetime) -> Iterator[FakeLiveKit]:
    """A server for as long as the block runs; its page is at ``/room/``."""
    fake = FakeLiveKit(clock)
    with serving(fake.answer) as address:
        fake.address = address
        yield fake


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
