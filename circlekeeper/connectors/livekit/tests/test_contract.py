"""The contract every provider keeps, kept by LiveKit: a server that misbehaves on purpose, and a real one if named."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests import contract
from circlekeeper.areas.meetings.tests.contract import CANARY, NOW, Contract, Rig, Signed
from circlekeeper.connectors.livekit.provider import LiveKit
from circlekeeper.connectors.livekit.tests import fake
from circlekeeper.connectors.livekit.tests.fake import FakeLiveKit
from circlekeeper.foundation.tests.webserver import Said

ROOM = "velvet7harbour"
_REAL = os.environ.get("CIRCLEKEEPER_TEST_LIVEKIT_ADDRESS", "")


@pytest.fixture
def server() -> Iterator[FakeLiveKit]:
    with fake.running(NOW) as found:
        yield found


@pytest.fixture
def session(server: FakeLiveKit) -> Session:
    return _session(server.address, fake.KEY, fake.SECRET)


def _session(address: str, key: str, secret: str) -> Session:
    starts = NOW + timedelta(minutes=10)
    connected = {"address": address, "page": f"{address}/room/", "key": key, "secret": secret}
    return Session("01meeting", ROOM, starts, starts + timedelta(hours=1), connected=connected)


def _signed(now: datetime) -> Signed:
    person = {"identity": "3f1c9a", "name": CANARY, "kind": "STANDARD"}
    said = {"event": "participant_joined", "room": {"name": ROOM}, "participant": person, "id": "EV_1"}
    return Signed(
        right=fake.webhook(said, now),
        forged=fake.webhook(said, now, body=b'{"event":"room_finished"}'),
        old=fake.webhook(said, now - timedelta(minutes=7)),
    )


class TestContract(Contract):
    @pytest.fixture
    def rig(self, server: FakeLiveKit, session: Session) -> Rig:
        self.server = server

        def spoil(said: Said) -> None:
            server.spoiled = said

        def turn(name: str, value: object) -> None:
            for each in server.rooms.values():
                each[name] = value

        def come(kind: str) -> None:
            server.inside[ROOM] = {"EG_1": {"identity": "EG_1", "kind": kind}}

        def share() -> None:
            allowed = {"can_publish_sources": ["CAMERA", "SCREEN_SHARE"]}
            server.inside[ROOM] = {"m": {"identity": "m", "kind": "STANDARD", "permission": allowed}}

        return Rig(
            LiveKit(),
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(server, "secret", "y" * 40),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.HALF_DONE: lambda: setattr(server, "ignores", ("max_participants",)),
                Trouble.CLOCK: lambda: setattr(server, "clock", NOW + timedelta(minutes=7)),
            },
            flips={
                "recording-off": lambda: turn("active_recording", True),
                "room-locked": lambda: turn("max_participants", 0),
                "privacy-by-default": lambda: turn("metadata", "survivors"),
                "phone-numbers-hidden": lambda: come("SIP"),
                "screen-share-off": share,
            },
            signed=_signed,
            kept=lambda: f"{server.rooms} {server.inside} {server.heard}",
        )

    def mend(self, rig: Rig) -> None:
        self.server.spoiled, self.server.secret = None, fake.SECRET
        self.server.clock, self.server.ignores = NOW, ()
        self.server.rooms.clear()


if _REAL:

    class TestRealServer(Contract):
        """The same against a real server, when its address, page, key and secret are in the environment."""

        @pytest.fixture
        def rig(self, monkeypatch: pytest.MonkeyPatch) -> Rig:
            # A real server looks at its own clock.
            now = datetime.now(UTC).replace(microsecond=0)
            monkeypatch.setattr(contract, "NOW", now)
            given = {
                each: os.environ[f"CIRCLEKEEPER_TEST_LIVEKIT_{each.upper()}"] for each in ("page", "key", "secret")
            }
            found = _session(_REAL, given["key"], given["secret"])
            ready = replace(found, connected={**found.connected, **given}, room=f"test-{secrets.token_hex(6)}")
            return Rig(LiveKit(), replace(ready, starts_at=now, ends_at=now + timedelta(hours=1)))
