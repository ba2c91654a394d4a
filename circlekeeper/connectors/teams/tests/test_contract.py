"""The contract every provider keeps, kept by Teams: a Graph that misbehaves on purpose, and a real one if named."""

import os
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig, Signed
from circlekeeper.connectors.teams import client, notices
from circlekeeper.connectors.teams.provider import Teams
from circlekeeper.connectors.teams.tests import fake
from circlekeeper.connectors.teams.tests.fake import FakeGraph
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.tests.webserver import Said

ROOM = "velvet7harbour"
_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_REAL = {name: os.environ.get(f"CIRCLEKEEPER_TEST_TEAMS_{name.upper()}", "") for name in client.NEEDED}


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGraph]:
    with fake.running(NOW) as (found, address):
        # Loopback needs no trust; reading it for each of hundreds of questions takes longer than all of them.
        monkeypatch.setattr(outgoing, "_trust", lambda: _TRUST)
        monkeypatch.setattr(client, "LOGIN", address)
        monkeypatch.setattr(client, "GRAPH", address)
        yield found


@pytest.fixture
def session(graph: FakeGraph) -> Session:
    return _session(fake.CONNECTED, "https://circle.example.org/hooks/c1/")


def _session(connected: dict[str, str], hook: str) -> Session:
    starts = NOW + timedelta(minutes=10)
    return Session("01meeting", ROOM, starts, starts + timedelta(hours=1), connected=connected, hook=hook)


def _signed(now: datetime) -> Signed:
    return Signed(
        fake.notice(notices.mark(fake.SECRET, ROOM)),
        fake.notice(notices.mark("x" * 40, ROOM)),
    )


class TestContract(Contract):
    @pytest.fixture
    def rig(self, graph: FakeGraph, session: Session) -> Rig:
        self.graph = graph

        def spoil(said: Said) -> None:
            graph.spoiled = said

        def turn(key: str, value: Any) -> None:
            for each in graph.meetings.values():
                each[key] = value

        def forget() -> None:
            graph.meetings.clear()
            graph.forgets = True

        return Rig(
            Teams(),
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(graph, "secret", "y" * 40),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.CLOCK: lambda: setattr(graph, "clock", NOW + timedelta(minutes=9)),
                Trouble.HALF_DONE: lambda: setattr(graph, "halved", True),
                Trouble.GONE: forget,
            },
            flips={
                "waiting-room-tested": lambda: turn("lobbyBypassSettings", {"scope": "everyone"}),
                "recording-off": lambda: turn("allowTranscription", True),
                "screen-share-off": lambda: turn("allowedPresenters", "everyone"),
                "breakouts-watched": lambda: turn("allowBreakoutRooms", True),
                "privacy-by-default": lambda: turn("allowMeetingChat", "enabled"),
                "meeting-password": lambda: turn("joinMeetingIdSettings", {"isPasscodeRequired": False}),
            },
            signed=_signed,
            kept=graph.kept,
            same_link_for_all=True,
        )

    def mend(self, rig: Rig) -> None:
        self.graph.spoiled, self.graph.secret, self.graph.clock = None, fake.SECRET, NOW
        self.graph.halved = self.graph.forgets = False


if all(_REAL.values()):

    class TestRealTenant(Contract):
        """The same against a real organisation, when its four settings are in the environment."""

        @pytest.fixture
        def rig(self, monkeypatch: pytest.MonkeyPatch) -> Rig:
            monkeypatch.setattr(client, "_CLOCK", timedelta(days=36500))  # the contract's moment is a fixed one
            return Rig(Teams(), _session(_REAL, ""), same_link_for_all=True)
