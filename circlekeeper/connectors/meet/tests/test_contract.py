"""The contract every provider keeps, kept by Google Meet: with an account to look with, and without."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig
from circlekeeper.connectors.meet.client import Google
from circlekeeper.connectors.meet.provider import Meet
from circlekeeper.connectors.meet.tests import fake
from circlekeeper.connectors.meet.tests.fake import FakeGoogle
from circlekeeper.foundation.tests.webserver import Said

LINK = f"https://meet.google.com/{fake.CODE}"


@pytest.fixture
def server() -> Iterator[FakeGoogle]:
    with fake.running() as found:
        yield found


@pytest.fixture
def way(server: FakeGoogle) -> Meet:
    return Meet(Google(server.address, server.address))


@pytest.fixture
def session() -> Session:
    starts = NOW + timedelta(minutes=10)
    room, ends = "velvet7harbour", starts + timedelta(hours=1)
    return Session("01meeting", room, starts, ends, connected=fake.CONNECTED, address=LINK)


class TestContract(Contract):
    @pytest.fixture
    def rig(self, server: FakeGoogle, way: Meet, session: Session) -> Rig:
        self.server = server

        def spoil(said: Said) -> None:
            server.spoiled = said

        def turn(name: str, value: Any) -> None:
            server.space["config"][name] = value

        return Rig(
            way,
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(server, "revoked", True),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.GONE: lambda: spoil(Said(404, b"{}")),
            },
            flips={
                "meeting-password": lambda: server.space.update(name="spaces/somebodyelse"),
                "waiting-room-tested": lambda: turn("accessType", "OPEN"),
                "recording-off": lambda: turn("artifactConfig", {}),
                "screen-share-off": lambda: turn("moderation", "OFF"),
                "privacy-by-default": lambda: turn("attendanceReportGenerationType", "GENERATE_REPORT"),
                "phone-numbers-hidden": lambda: server.space.update(phoneAccess=[{"phoneNumber": "+1"}]),
            },
            kept=lambda: f"{server.space} {server.heard}",
            same_link_for_all=True,
        )

    def mend(self, rig: Rig) -> None:
        self.server.spoiled, self.server.revoked = None, False


class TestContractWithoutAnAccount(Contract):
    @pytest.fixture
    def rig(self, way: Meet, session: Session) -> Rig:
        return Rig(way, replace(session, connected={}), same_link_for_all=True)
