"""The contract every provider keeps, kept by Zoom: a server that misbehaves on purpose, and a real account if named."""

import os
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig, Signed
from circlekeeper.connectors.zoom import client
from circlekeeper.connectors.zoom.provider import Zoom
from circlekeeper.connectors.zoom.tests import fake
from circlekeeper.connectors.zoom.tests.fake import FakeZoom
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.tests.webserver import Said

ROOM = "velvet7harbour"
_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_REAL = {name: os.environ.get(f"CIRCLEKEEPER_TEST_ZOOM_{name.upper()}", "") for name in client.NEEDED}


@pytest.fixture
def zoom(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeZoom]:
    with fake.running(NOW) as (found, address):
        # Loopback needs no trust; reading it for each of hundreds of questions takes longer than all of them.
        monkeypatch.setattr(outgoing, "_trust", lambda: _TRUST)
        monkeypatch.setattr(client, "LOGIN", address)
        monkeypatch.setattr(client, "API", address)
        yield found


@pytest.fixture
def session(zoom: FakeZoom) -> Session:
    return _session(fake.CONNECTED)


def _session(connected: dict[str, str]) -> Session:
    starts = NOW + timedelta(minutes=10)
    return Session("01meeting", ROOM, starts, starts + timedelta(hours=1), connected=connected)


def _signed(now: datetime) -> Signed:
    return Signed(
        right=fake.call("meeting.participant_joined", now, topic=ROOM),
        forged=fake.call("meeting.participant_joined", now, topic=ROOM, key="x" * 20),
        old=fake.call("meeting.participant_joined", now - timedelta(minutes=6), topic=ROOM),
    )


class TestContract(Contract):
    @pytest.fixture
    def rig(self, zoom: FakeZoom, session: Session) -> Rig:
        self.zoom = zoom

        def spoil(said: Said) -> None:
            zoom.spoiled = said

        def turn(key: str, value: Any) -> None:
            for each in zoom.meetings.values():
                each["settings"][key] = value

        def bare() -> None:
            for each in zoom.meetings.values():
                each["password"] = ""

        def forget() -> None:
            zoom.meetings.clear()
            zoom.forgets = True

        return Rig(
            Zoom(),
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(zoom, "secret", "y" * 32),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.CLOCK: lambda: setattr(zoom, "clock", NOW + timedelta(minutes=9)),
                Trouble.HALF_DONE: lambda: setattr(zoom, "halved", True),
                Trouble.GONE: forget,
            },
            flips={
                "waiting-room-tested": lambda: turn("waiting_room", False),
                "recording-off": lambda: turn("auto_recording", "cloud"),
                "screen-share-off": lambda: zoom.user["in_meeting"].update(who_can_share_screen="all"),
                "breakouts-watched": lambda: turn("breakout_room", {"enable": True}),
                "privacy-by-default": lambda: zoom.user["in_meeting"].update(private_chat=True),
                "phone-numbers-hidden": lambda: turn("audio", "both"),
                "meeting-password": bare,
            },
            signed=_signed,
            kept=zoom.kept,
        )

    def mend(self, rig: Rig) -> None:
        self.zoom.spoiled, self.zoom.secret, self.zoom.clock = None, fake.SECRET, NOW
        self.zoom.halved = self.zoom.forgets = False


if all(_REAL.values()):

    class TestRealAccount(Contract):
        """The same against a real account, when its settings are in the environment."""

        @pytest.fixture
        def rig(self, monkeypatch: pytest.MonkeyPatch) -> Rig:
            monkeypatch.setattr(client, "_CLOCK", timedelta(days=36500))  # the contract's moment is a fixed one
            return Rig(Zoom(), _session(_REAL))
