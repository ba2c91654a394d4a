"""The contract every provider keeps, kept by Webex: a server that misbehaves on purpose, and a real account if named."""

import os
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig, Signed
from circlekeeper.connectors.webex import client
from circlekeeper.connectors.webex.provider import Webex
from circlekeeper.connectors.webex.tests import fake
from circlekeeper.connectors.webex.tests.fake import FakeWebex
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.tests.webserver import Said

ROOM = "velvet7harbour"
_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_REAL = {name: os.environ.get(f"CIRCLEKEEPER_TEST_WEBEX_{name.upper()}", "") for name in client.NEEDED}


@pytest.fixture
def webex(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWebex]:
    with fake.running(NOW) as (found, address):
        # Loopback needs no trust; reading it for each of hundreds of questions takes longer than all of them.
        monkeypatch.setattr(outgoing, "_trust", lambda: _TRUST)
        monkeypatch.setattr(client, "API", address)
        yield found


@pytest.fixture
def session(webex: FakeWebex) -> Session:
    return _session(fake.CONNECTED)


def _session(connected: dict[str, str]) -> Session:
    starts = NOW + timedelta(minutes=10)
    hook = "https://circle.example.org/hooks/c1/"
    return Session("01meeting", ROOM, starts, starts + timedelta(hours=1), connected=connected, hook=hook)


def _signed(now: datetime) -> Signed:
    return Signed(
        right=fake.call("recordings", "created", room=ROOM),
        forged=fake.call("recordings", "created", room=ROOM, secret="x" * 40),
    )


class TestContract(Contract):
    @pytest.fixture
    def rig(self, webex: FakeWebex, session: Session) -> Rig:
        self.webex = webex

        def spoil(said: Said) -> None:
            webex.spoiled = said

        def turn(key: str, value: Any) -> None:
            for each in webex.meetings.values():
                each[key] = value

        def forget() -> None:
            webex.meetings.clear()
            webex.forgets = True

        return Rig(
            Webex(),
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(webex, "secret", "y" * 60),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.CLOCK: lambda: setattr(webex, "clock", NOW + timedelta(minutes=9)),
                Trouble.HALF_DONE: lambda: setattr(webex, "halved", True),
                Trouble.GONE: forget,
            },
            flips={
                "waiting-room-tested": lambda: turn("unlockedMeetingJoinSecurity", "allowJoin"),
                "recording-off": lambda: turn("enabledAutoRecordMeeting", True),
                "room-locked": lambda: turn("enableAutomaticLock", False),
                "breakouts-watched": lambda: turn("enabledBreakoutSessions", True),
                "meeting-password": lambda: turn("password", ""),
                "privacy-by-default": lambda: turn("publicMeeting", True),
                "phone-numbers-hidden": lambda: turn(
                    "audioConnectionOptions", {"audioConnectionType": "webexAudio"}
                ),
            },
            signed=_signed,
            kept=webex.kept,
            same_link_for_all=True,
        )

    def mend(self, rig: Rig) -> None:
        self.webex.spoiled, self.webex.secret, self.webex.clock = None, fake.SECRET, NOW
        self.webex.halved = self.webex.forgets = False


if all(_REAL.values()):

    class TestRealAccount(Contract):
        """The same against a real account, when its settings are in the environment."""

        @pytest.fixture
        def rig(self, monkeypatch: pytest.MonkeyPatch) -> Rig:
            monkeypatch.setattr(client, "_CLOCK", timedelta(days=36500))  # the contract's moment is a fixed one
            return Rig(Webex(), replace(_session(_REAL), hook=""), same_link_for_all=True)
