"""The contract every provider keeps, kept by Slack: with a key to look with, and without."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from circlekeeper.areas.meetings.provider import Session, Trouble
from circlekeeper.areas.meetings.tests.contract import NOW, Contract, Rig
from circlekeeper.connectors.slack.provider import Slack
from circlekeeper.connectors.slack.tests import fake
from circlekeeper.connectors.slack.tests.fake import FakeSlack
from circlekeeper.foundation.tests.webserver import Said

LINK = f"https://app.slack.com/huddle/T0123456789/{fake.CHANNEL}"


@pytest.fixture
def server() -> Iterator[FakeSlack]:
    with fake.running() as found:
        yield found


@pytest.fixture
def way(server: FakeSlack) -> Slack:
    return Slack(server.address)


@pytest.fixture
def session() -> Session:
    starts = NOW + timedelta(minutes=10)
    ends, connected = starts + timedelta(hours=1), {"token": fake.TOKEN}
    return Session("01meeting", "velvet7harbour", starts, ends, connected=connected, address=LINK)


class TestContract(Contract):
    @pytest.fixture
    def rig(self, server: FakeSlack, way: Slack, session: Session) -> Rig:
        self.server = server

        def spoil(said: Said) -> None:
            server.spoiled = said

        return Rig(
            way,
            session,
            faults={
                Trouble.BUSY: lambda: spoil(Said(429, b"", {"Retry-After": "30"})),
                Trouble.NOT_ALLOWED: lambda: setattr(server, "token", "xoxb-another"),
                Trouble.NOT_UNDERSTOOD: lambda: spoil(Said(200, b"<html>A page</html>")),
                Trouble.GONE: lambda: spoil(server.no("channel_not_found")),
            },
            flips={
                "meeting-password": lambda: server.channel.update(is_private=False),
                "outside-chat-gated": lambda: server.channel.update(is_ext_shared=True),
            },
            kept=lambda: " ".join(server.heard),
            same_link_for_all=True,
        )

    def mend(self, rig: Rig) -> None:
        self.server.spoiled, self.server.token = None, fake.TOKEN


class TestContractWithoutAKey(Contract):
    @pytest.fixture
    def rig(self, way: Slack, session: Session) -> Rig:
        return Rig(way, replace(session, connected={}), same_link_for_all=True)
