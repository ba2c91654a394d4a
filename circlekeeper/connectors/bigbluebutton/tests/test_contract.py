"""The contract every provider keeps, kept by BigBlueButton: a server that misbehaves on purpose, and a real one if named."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig, Signed
from circlekeeper.connectors.bigbluebutton.provider import BigBlueButton
from circlekeeper.connectors.bigbluebutton.tests import fake
from circlekeeper.connectors.bigbluebutton.tests.fake import FakeBigBlueButton
from circlekeeper.foundation.tests.webserver import Said

ROOM = "velvet7harbour"
MEETING = f"{ROOM}-0a1b2c3d"
_REAL = os.environ.get("CIRCLEKEEPER_TEST_BIGBLUEBUTTON_ADDRESS", "")


@pytest.fixture
def server() -> Iterator[FakeBigBlueButton]:
    with fake.running(NOW) as found:
        yield found


@pytest.fixture
def session(server: FakeBigBlueButton) -> Session:
    return _session({"address": server.address, "secret": fake.SECRET})


def _session(connected: dict[str, str]) -> Session:
    starts = NOW + timedelta(minutes=10)
    hook = "https://circle.example.org/hooks/c1/"
    return Session("01meeting", ROOM, starts, starts + timedelta(hours=1), connected=connected, hook=hook)


def _signed(now: datetime) -> Signed:
    return Signed(fake.recording_ready(MEETING), fake.recording_ready(MEETING, secret="x" * 40))


class TestContract(Contract):
    @pytest.fixture
    def rig(self, server: FakeBigBlueButton, session: Session) -> Rig:
        self.server = server

        def spoil(said: Said) -> None:
            server.spoiled = said

        def turn(key: str, value: str) -> None:
            for each in server.meetings.values():
                each[key] = value

        def split() -> None:
            server.breakouts = dict.fromkeys(server.meetings, 1)

        def forget() -> None:
            server.meetings.clear()
            server.forgets = True

        return Rig(
            BigBlueButton(),
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(server, "secret", "y" * 40),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.HALF_DONE: lambda: setattr(server, "always_there", True),
                Trouble.GONE: forget,
            },
            flips={
                "recording-off": lambda: turn("record", "true"),
                "room-locked": lambda: turn("maxParticipants", "0"),
                "links-sent-privately": lambda: turn("meta_room-profile", "another"),
                "breakouts-watched": split,
            },
            signed=_signed,
            kept=server.kept,
        )

    def mend(self, rig: Rig) -> None:
        self.server.spoiled, self.server.secret = None, fake.SECRET
        self.server.always_there = self.server.forgets = False


if _REAL:

    class TestRealServer(Contract):
        """The same against a real server, when its address and secret are in the environment."""

        @pytest.fixture
        def rig(self) -> Rig:
            connected = {"address": _REAL, "secret": os.environ["CIRCLEKEEPER_TEST_BIGBLUEBUTTON_SECRET"]}
            return Rig(BigBlueButton(), replace(_session(connected), hook=""))
