"""The contract every provider keeps, kept by Discord: with a bot to look with, and without."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig
from circlekeeper.connectors.discord.provider import Discord
from circlekeeper.connectors.discord.tests import fake
from circlekeeper.connectors.discord.tests.fake import FakeDiscord
from circlekeeper.foundation.tests.webserver import Said

LINK = f"https://discord.com/channels/{fake.GUILD}/{fake.CHANNEL}"


@pytest.fixture
def server() -> Iterator[FakeDiscord]:
    with fake.running() as found:
        yield found


@pytest.fixture
def way(server: FakeDiscord) -> Discord:
    return Discord(server.address)


@pytest.fixture
def session() -> Session:
    starts = NOW + timedelta(minutes=10)
    ends, connected = starts + timedelta(hours=1), {"token": fake.TOKEN}
    return Session("01meeting", "velvet7harbour", starts, ends, connected=connected, address=LINK)


class TestContract(Contract):
    @pytest.fixture
    def rig(self, server: FakeDiscord, way: Discord, session: Session) -> Rig:
        self.server = server

        def spoil(said: Said) -> None:
            server.spoiled = said

        return Rig(
            way,
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(server, "unseen", True),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.GONE: lambda: spoil(Said(404, b"{}")),
            },
            flips={
                "outside-chat-gated": lambda: server.guild.update(mfa_level=0),
                "screen-share-off": lambda: server.overwrite(fake.MEMBERS, allow=str(fake.VIEW | fake.STREAM)),
                "meeting-password": lambda: server.overwrite(fake.GUILD, deny="0"),
                "tools-least-privilege": lambda: server.overwrite("888888888888888888", allow=str(fake.VIEW)),
            },
            kept=lambda: " ".join(server.heard).replace("@me", ""),
            same_link_for_all=True,
        )

    def mend(self, rig: Rig) -> None:
        self.server.spoiled, self.server.unseen = None, False


class TestContractWithoutABot(Contract):
    @pytest.fixture
    def rig(self, way: Discord, session: Session) -> Rig:
        return Rig(way, replace(session, connected={}), same_link_for_all=True)
