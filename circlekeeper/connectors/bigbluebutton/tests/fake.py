"""A BigBlueButton server on loopback that keeps state, checks every signature itself, and misbehaves when told to.

After the API reference (docs.bigbluebutton.org/development/api, of 3.0) and the source of `bigbluebutton-web`: a name that
is there is not made again (`duplicateWarning`); names after ``meta_`` come back in small letters; locks, lobby and
switched-off features come back in no call; ``guestPolicy`` is ALWAYS_ACCEPT unless asked, for those with ``guest=true``;
`getRecordings` without a meeting's name means every recording; ``meetingEndedURL`` is called bare, by GET.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.sax.saxutils import escape

import jwt

from circlekeeper.areas.meetings.provider import Call
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

SECRET = "ECCJZNJWLPEA3YB6Y2LTQGQD3GJZ3F93"


@dataclass
class FakeBigBlueButton:
    """The server's state. ``ignores``: settings it drops without a word; ``always_there``: whatever is created was there."""

    clock: datetime
    address: str = ""
    secret: str = SECRET
    spoiled: Said | None = None
    always_there: bool = False
    forgets: bool = False
    stuck: bool = False
    ignores: tuple[str, ...] = ()
    meetings: dict[str, dict[str, str]] = field(default_factory=dict)
    inside: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    breakouts: dict[str, int] = field(default_factory=dict)
    recordings: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    made: int = 0

    def answer(self, asked: Asked) -> Said:
        """One call: the checksum is taken over the query as it came, before anything is read from it."""
        self.heard.append(f"{asked.method} {asked.path} {asked.body!r}")
        if self.spoiled is not None:
            return self.spoiled
        parts = urlsplit(asked.path)
        call = parts.path.removeprefix("/bigbluebutton/api/")
        if not self._signed(call, parts.query):
            return _said("FAILED", "<messageKey>checksumError</messageKey>")
        given = dict(parse_qsl(parts.query, keep_blank_values=True))
        return getattr(self, f"on_{call}")(given)  # type: ignore[no-any-return]

    def _signed(self, call: str, query: str) -> bool:
        plain, _, checksum = query.rpartition("checksum=")
        wanted = hashlib.sha256(f"{call}{plain.removesuffix('&')}{self.secret}".encode()).hexdigest()
        return hmac.compare_digest(wanted, checksum)

    def on_create(self, given: Mapping[str, str]) -> Said:
        """A name that is there keeps its settings, whatever was sent."""
        name = given["meetingID"]
        if self.always_there or name in self.meetings:
            key = "<messageKey>duplicateWarning</messageKey>"
            return _said("SUCCESS", f"<meetingID>{name}</meetingID><createTime>1</createTime>{key}")
        self.made += 1
        kept = {key: value for key, value in given.items() if key not in self.ignores}
        created = str(int(self.clock.timestamp() * 1000) + self.made)
        if not self.forgets:
            self.meetings[name] = {"guestPolicy": "ALWAYS_ACCEPT", "record": "false", **kept, "created": created}
            self.inside[name] = []
        return _said(
            "SUCCESS", f"<meetingID>{name}</meetingID><createTime>{created}</createTime><messageKey></messageKey>"
        )

    def on_isMeetingRunning(self, given: Mapping[str, str]) -> Said:
        """Whether somebody is inside; any name may be asked."""
        running = bool(self.inside.get(given["meetingID"]))
        return _said("SUCCESS", f"<running>{str(running).lower()}</running>")

    def on_getMeetingInfo(self, given: Mapping[str, str]) -> Said:
        """Size, roles and recording; no lock, no lobby, no feature."""
        name = given["meetingID"]
        if name not in self.meetings:
            return _said("FAILED", "<messageKey>notFound</messageKey>")
        kept, people = self.meetings[name], self.inside[name]
        meta = "".join(
            f"<{key[5:].lower()}>{escape(value)}</{key[5:].lower()}>"
            for key, value in kept.items()
            if key.startswith("meta_")
        )
        attendees = "".join(
            f"<attendee><userID>{each['userID']}</userID><fullName>{escape(each['fullName'])}</fullName>"
            f"<role>{each['role']}</role><isPresenter>{each['isPresenter']}</isPresenter></attendee>"
            for each in people
        )
        rooms = "".join(f"<breakout>{name}-b{number}</breakout>" for number in range(self.breakouts.get(name, 0)))
        return _said(
            "SUCCESS",
            f"<meetingName>{kept['name']}</meetingName><meetingID>{name}</meetingID>"
            f"<createTime>{kept['created']}</createTime><recording>{kept['record']}</recording>"
            f"<hasBeenForciblyEnded>false</hasBeenForciblyEnded><dialNumber>613-555-1234</dialNumber>"
            f"<participantCount>{len(people)}</participantCount><maxUsers>{kept.get('maxParticipants', '0')}</maxUsers>"
            f"<attendees>{attendees}</attendees><metadata>{meta}</metadata>"
            f"<breakoutRooms>{rooms}</breakoutRooms>",
        )

    def on_end(self, given: Mapping[str, str]) -> Said:
        """Only asked for: a stuck server says the same and goes on."""
        if given["meetingID"] not in self.meetings:
            return _said("FAILED", "<messageKey>notFound</messageKey>")
        if not self.stuck:
            self.meetings.pop(given["meetingID"])
        return _said("SUCCESS", "<messageKey>sentEndMeetingRequest</messageKey>")

    def on_getRecordings(self, given: Mapping[str, str]) -> Said:
        """By meeting; without a name, all of them."""
        wanted = [each for each in given.get("meetingID", "").split(",") if each]
        listed = "".join(
            f"<recording><recordID>{record}</recordID><meetingID>{meeting}</meetingID></recording>"
            for record, meeting in self.recordings.items()
            if not wanted or meeting in wanted
        )
        return _said("SUCCESS", f"<recordings>{listed}</recordings>")

    def on_deleteRecordings(self, given: Mapping[str, str]) -> Said:
        """Says that it deleted; a stuck server did not."""
        for record in given["recordID"].split(","):
            if not self.stuck:
                self.recordings.pop(record, None)
        return _said("SUCCESS", "<deleted>true</deleted>")

    def join(self, link: str) -> str:
        """A browser opens a link: inside, in the waiting room, or what refused it."""
        parts = urlsplit(link)
        given = dict(parse_qsl(parts.query))
        if not self._signed("join", parts.query):
            return "checksumError"
        kept = self.meetings.get(given["meetingID"])
        if kept is None:
            return "invalidMeetingIdentifier"
        if given.get("createTime", kept["created"]) != kept["created"]:
            return "mismatchCreateTimeParam"
        if given.get("guest") == "true" and kept["guestPolicy"] == "ASK_MODERATOR":
            return "waiting"
        self.inside[given["meetingID"]].append({**given, "isPresenter": "false"})
        return "inside"

    def kept(self) -> str:
        """Everything the server holds about us."""
        return f"{self.meetings} {self.inside} {self.heard}"


def recording_ready(
    meeting: str, record: str = "abc-1531155809613", *, secret: str = SECRET, alg: str = "HS256"
) -> Call:
    """What ``bbb_recording_ready`` posts; a real one carries no more than these two names."""
    signed = jwt.encode(
        {"meeting_id": meeting, "record_id": record}, secret if alg != "none" else "", algorithm=alg
    )
    return Call("POST", "recording", {}, urlencode({"signed_parameters": signed}).encode())


def ended(url: str) -> Call:
    """The unsigned call at the end, to the address the meeting was created with."""
    return Call("GET", urlsplit(url).path.split("/hooks/c1/")[1], {}, b"")


@contextmanager
def running(clock: datetime) -> Iterator[FakeBigBlueButton]:
    """A server for as long as the block runs."""
    fake = FakeBigBlueButton(clock)
    with serving(fake.answer) as address:
        fake.address = f"{address}/bigbluebutton/"
        yield fake


def _said(code: str, inner: str) -> Said:
    return Said(200, f"<response><returncode>{code}</returncode>{inner}</response>".encode())
