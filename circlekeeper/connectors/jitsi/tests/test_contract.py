"""The contract every provider keeps, kept by Jitsi against a server that misbehaves on purpose."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig, Signed
from circlekeeper.connectors.jitsi.provider import Jitsi
from circlekeeper.connectors.jitsi.tests import fake
from circlekeeper.connectors.jitsi.tests.fake import FakeJitsi
from circlekeeper.foundation.tests.webserver import Said

ROOM = "velvet7harbour"


@pytest.fixture
def server() -> Iterator[FakeJitsi]:
    with fake.running(NOW) as found:
        yield found


@pytest.fixture
def session(server: FakeJitsi) -> Session:
    starts = NOW + timedelta(minutes=10)
    connected = {
        "address": server.address,
        "app_id": fake.APP,
        "app_secret": fake.SECRET,
        "reservation_token": fake.WORD,
        "counter": server.address,
    }
    return Session("01meeting", ROOM, starts, starts + timedelta(hours=1), connected=connected)


def _signed(now: datetime) -> Signed:
    return Signed(right=fake.post(ROOM, now), forged=fake.post(ROOM, now, word="x" * 40))


class TestContract(Contract):
    @pytest.fixture
    def rig(self, server: FakeJitsi, session: Session) -> Rig:
        self.server = server

        def spoil(said: Said) -> None:
            server.spoiled = said

        def late(text: str) -> None:
            server.late = text

        def slow() -> None:
            server.clock = NOW + timedelta(minutes=7)

        return Rig(
            Jitsi(),
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: spoil(Said(403)),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"x" * 1_000_001)),
                Trouble.CLOCK: slow,
            },
            flips={
                "recording-off": lambda: late("config.localRecording = { disable: false };"),
                "breakouts-watched": lambda: late("config.hideAddRoomButton = false;"),
                "privacy-by-default": lambda: late("config.p2p.enabled = true;"),
                "room-locked": lambda: server.rooms.update({ROOM: {"size": 41}}),
            },
            signed=_signed,
            kept=lambda: " ".join(server.heard),
        )

    def mend(self, rig: Rig) -> None:
        self.server.spoiled, self.server.clock = None, NOW
