"""A phone service on loopback that keeps state, speaks Twilio's REST API, and misbehaves when told to; and its callers.

After the API reference (twilio.com/docs/voice/api, of 2010-04-01): basic auth; fields in capitals going in and with
underscores coming back; lists under their own name; a call in progress cannot be deleted; a participant is found by label.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from defusedxml import ElementTree

from circlekeeper.areas.meetings.provider import Call
from circlekeeper.connectors.phone import answering
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

NUMBER, ACCOUNT, TOKEN = "+49301234567", "AC0123456789abcdef", "0123456789abcdef0123456789abcdef"
_FIELDS = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceApplicationSid": "voice_application_sid",
    "TrunkSid": "trunk_sid",
    "VoiceCallerIdLookup": "voice_caller_id_lookup",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "SmsUrl": "sms_url",
    "SmsApplicationSid": "sms_application_sid",
}


@dataclass
class FakePhone:
    """The service's state. ``ignores``: fields it says yes to and does not store."""

    address: str = ""
    token: str = TOKEN
    spoiled: Said | None = None
    ignores: tuple[str, ...] = ()
    stuck: bool = False  # says that it deleted, and did not
    number: dict[str, Any] = field(
        default_factory=lambda: {
            "sid": "PN1",
            "phone_number": NUMBER,
            "capabilities": {"voice": True},
            # What a number has that was just bought.
            "voice_url": "https://demo.twilio.com/welcome/voice/",
            "sms_url": "https://demo.twilio.com/welcome/sms/",
            "voice_fallback_url": "",
            "voice_caller_id_lookup": False,
        }
    )
    rooms: dict[str, dict[str, Any]] = field(default_factory=dict)  # by SID
    recordings: dict[str, str] = field(default_factory=dict)  # the room of each
    calls: dict[str, dict[str, str]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    put_out: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """One request of the REST API."""
        self.heard.append(f"{asked.method} {asked.path} {asked.body!r}")
        if self.spoiled is not None:
            return self.spoiled
        right = base64.b64encode(f"{ACCOUNT}:{self.token}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {right}":
            return Said(401, b"{}")
        parts = urlsplit(asked.path)
        way = (
            parts.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}").removesuffix(".json").strip("/").split("/")
        )
        given = dict(parse_qsl(parts.query)) | dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        if asked.method == "DELETE":
            return self._delete(way)
        return self._change(way, given) if asked.method == "POST" else self._read(way, given)

    def _read(self, way: list[str], given: dict[str, str]) -> Said:
        if way == [""]:
            return _json({"sid": ACCOUNT, "status": "active"})
        if way == ["IncomingPhoneNumbers"]:
            rows = [self.number] if self.number.get("phone_number") == given["PhoneNumber"] else []
            return _json({"incoming_phone_numbers": rows})
        if way == ["Conferences"]:
            state = given.get("Status", "")
            rows = [
                {"sid": sid, "friendly_name": room["name"], "status": room["status"]}
                for sid, room in self.rooms.items()
                if room["name"] == given["FriendlyName"] and state in ("", room["status"])
            ]
            return _json({"conferences": rows})
        if way[-1] == "Recordings":
            return _json({"recordings": [{"sid": one} for one, room in self.recordings.items() if room == way[1]]})
        if way == ["Calls"] and "StartTime>" in given:
            return _json({"calls": [each for each in self.calls.values() if each["to"] == given["To"]]})
        return Said(404, b"{}")

    def _change(self, way: list[str], given: dict[str, str]) -> Said:
        if way == ["IncomingPhoneNumbers", "PN1"]:
            kept = {_FIELDS[name]: value for name, value in given.items() if name not in self.ignores}
            self.number.update({name: value or None for name, value in kept.items()})
            self.number["voice_caller_id_lookup"] = given.get("VoiceCallerIdLookup") == "true"
            return _json(self.number)
        room = self.rooms.get(way[-1]) if way[0] == "Conferences" else None
        if room is None:
            return Said(404, b"{}")
        room["status"] = given["Status"]
        room["people"].clear()
        return _json({"status": room["status"]})

    def _delete(self, way: list[str]) -> Said:
        if way[0] == "Conferences":
            if way[-1] not in self.rooms[way[1]]["people"]:
                return Said(404, b"{}")
            self.rooms[way[1]]["people"].pop(way[-1])
            self.put_out.append(way[-1])
            return Said(204)
        kept = self.recordings if way[0] == "Recordings" else self.calls
        if way[0] == "Calls" and self.calls.get(way[1], {}).get("status") == "in-progress":
            return Said(400, b"{}")
        if not self.stuck:
            kept.pop(way[1], None)
        return Said(204)

    def enters(self, name: str, label: str) -> None:
        """A call is put into a room; the first one makes it."""
        going = (each for each in self.rooms.values() if each["name"] == name and each["status"] == "in-progress")
        room = next(going, None)
        if room is None:
            room = self.rooms[f"CF{len(self.rooms) + 1}"] = {"name": name, "status": "in-progress", "people": {}}
        room["people"][label] = True

    def inside(self, name: str) -> set[str]:
        """The labels of those in a room."""
        return {label for each in self.rooms.values() if each["name"] == name for label in each["people"]}


Send = Callable[[str, bytes, dict[str, str]], tuple[int, bytes]]


@dataclass
class Telephone:
    """One call, as the service makes it of what we answer. ``send`` posts to the address; ``said``: the last words."""

    service: FakePhone
    send: Send
    sid: str
    caller: str
    here: str = ""
    said: str = ""
    over: bool = False
    room: dict[str, str] = field(default_factory=dict)
    _next: str = ""

    def dial(self) -> None:
        """Call the number."""
        self.service.calls[self.sid] = {
            "sid": self.sid,
            "from": self.caller,
            "to": NUMBER,
            "status": "in-progress",
        }
        self._fetch(self.service.number["voice_url"])

    def types(self, digits: str) -> None:
        """Digits on the keypad."""
        self._fetch(self._next, Digits=digits)

    def stays(self) -> None:
        """Some seconds on the line: the next look, or the end of the room they were put out of."""
        self._fetch(self._next)

    def hangs_up(self) -> None:
        """The caller ends it."""
        self.service.calls[self.sid]["status"] = "completed"
        self.post(self.service.number["status_callback"], CallStatus="completed")

    def post(self, url: str, *, forged: bool = False, **more: str) -> tuple[int, bytes]:
        """One signed request, with the caller's number in it as the service does; or one signed by somebody else."""
        body, headers = request(url, sid=self.sid, caller=self.caller, token="x" * 32 if forged else TOKEN, **more)
        return self.send(url, body, headers)

    def _fetch(self, url: str, **more: Any) -> None:
        status, body = self.post(url, **more)
        assert status == 200, status
        self.here, top = url, ElementTree.fromstring(body)
        self.said = " ".join(each.text or "" for each in top.iter("Say"))
        gather, redirect, dial = top.find("Gather"), top.find("Redirect"), top.find("Dial")
        following = gather.get("action") if gather is not None else redirect.text if redirect is not None else None
        if dial is not None:
            following, room = dial.get("action"), dial.find("Conference")
            self.room = dict(room.attrib) | {"name": room.text, "record_of_call": dial.get("record")}
            self.service.enters(room.text, room.get("participantLabel"))
        else:
            self.room = {}
        self.over = following is None
        self._next = "" if following is None else urljoin(url, following)
        if self.over:
            self.hangs_up()


def request(url: str, *, sid: str, caller: str, token: str = TOKEN, **more: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of one request of the service."""
    fields = {"AccountSid": ACCOUNT, "CallSid": sid, "From": caller, "Caller": caller, "To": NUMBER, **more}
    told = list(fields.items())
    return urlencode(told).encode(), {"X-Twilio-Signature": answering.signature(token, url, told)}


def call(url: str, *, token: str = TOKEN, caller: str = "+4915255501234") -> Call:
    """The same as a `Call`."""
    body, headers = request(url, sid="CA0123456789", caller=caller, token=token)
    told = {name.lower(): value for name, value in headers.items()}
    return Call("POST", url.rpartition("/")[2], told, body, "", url)


def asked_for(heard: str) -> dict[str, list[str]]:
    """The query of one request in ``heard``."""
    return parse_qs(urlsplit(heard.split(" ")[1]).query)


@contextmanager
def running() -> Iterator[FakePhone]:
    """A service for as long as the block runs."""
    fake = FakePhone()
    with serving(fake.answer) as address:
        fake.address = address
        yield fake


def _json(found: Any) -> Said:
    return Said(200, json.dumps(found, default=_plain).encode())


def _plain(found: Any) -> str:
    return found.isoformat() if isinstance(found, datetime) else str(found)
