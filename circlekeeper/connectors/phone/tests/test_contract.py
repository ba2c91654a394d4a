"""The contract every provider keeps, kept by the telephone: a service that misbehaves on purpose, or a real one."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig, Signed
from circlekeeper.connectors.phone.provider import Phone
from circlekeeper.connectors.phone.tests import fake
from circlekeeper.connectors.phone.tests.fake import FakePhone
from circlekeeper.foundation.tests.webserver import Said

ROOM = "velvet7harbour"
HOOK = "https://circle.example.org/hooks/c1/"
_REAL = os.environ.get("CIRCLEKEEPER_TEST_PHONE_ACCOUNT", "")


@pytest.fixture
def server() -> Iterator[FakePhone]:
    with fake.running() as found:
        yield found


@pytest.fixture
def session(server: FakePhone) -> Session:
    known = {"number": fake.NUMBER, "account_sid": fake.ACCOUNT, "auth_token": fake.TOKEN}
    return _session({**known, "address": server.address})


def _session(connected: dict[str, str]) -> Session:
    starts = NOW + timedelta(minutes=10)
    return Session("01meeting", ROOM, starts, starts + timedelta(hours=1), connected=connected, hook=HOOK)


def _signed(now: datetime) -> Signed:
    return Signed(fake.call(f"{HOOK}voice"), fake.call(f"{HOOK}voice", token="x" * 32))


class TestContract(Contract):
    @pytest.fixture
    def rig(self, server: FakePhone, session: Session) -> Rig:
        self.server = server

        def spoil(said: Said) -> None:
            server.spoiled = said

        def record() -> None:
            server.enters(ROOM, "somebody")
            server.recordings["RE1"] = next(iter(server.rooms))

        def forget() -> None:
            server.ignores = ("VoiceUrl",)
            server.number["voice_url"] = "https://elsewhere.example/"

        return Rig(
            Phone(),
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(server, "token", "y" * 32),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.HALF_DONE: forget,
                Trouble.GONE: lambda: server.number.update(phone_number="+4999"),
            },
            flips={
                "waiting-room-tested": lambda: server.number.update(voice_url="https://elsewhere.example/"),
                "phone-numbers-hidden": lambda: server.number.update(
                    voice_fallback_url="https://elsewhere.example/"
                ),
                "privacy-by-default": lambda: server.number.update(sms_url="https://elsewhere.example/"),
                "recording-off": record,
            },
            signed=_signed,
            kept=lambda: str([server.number, server.rooms, server.heard]),
            same_link_for_all=True,
        )

    def mend(self, rig: Rig) -> None:
        self.server.spoiled, self.server.token, self.server.ignores = None, fake.TOKEN, ()
        self.server.number["phone_number"] = fake.NUMBER


if _REAL:

    class TestRealService(Contract):
        """The same against a real account, when it is named in the environment. Its number is set anew."""

        @pytest.fixture
        def rig(self) -> Rig:
            known = {"account_sid": _REAL, "auth_token": os.environ["CIRCLEKEEPER_TEST_PHONE_TOKEN"]}
            connected = {**known, "number": os.environ["CIRCLEKEEPER_TEST_PHONE_NUMBER"]}
            return Rig(Phone(), _session(connected), same_link_for_all=True)
