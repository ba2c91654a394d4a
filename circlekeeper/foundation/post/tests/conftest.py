"""A real mail server to send to, which can be told to refuse, to put off, to fall silent or to be gone."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings

from circlekeeper.foundation.post import mailer, outbox

# Longer than a hurried sender waits (``hurried``).
SLOW = 0.6
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class Sink:
    """Keeps what arrives. ``answers`` are given first, one a message, before everything is accepted."""

    port: int = 0
    letters: list[tuple[str, list[str], Message]] = field(default_factory=list)
    at_recipient: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greetings.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, rcpt_options: Any) -> str:
        if self.at_recipient and (answer := self.at_recipient.pop(0)):
            if answer == "slow":
                await asyncio.sleep(SLOW)
            if answer == "vanish":
                server.transport.close()
            return answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append((envelope.mail_from, list(envelope.rcpt_tos), message_from_bytes(envelope.content)))
        if self.at_data and (answer := self.at_data.pop(0)):
            if answer == "slow":
                await asyncio.sleep(SLOW)
            elif answer == "vanish":
                server.transport.close()
            else:
                self.letters.pop()
            return answer
        return "250 ok"


@pytest.fixture(autouse=True)
def standing() -> Iterator[set[str]]:
    """Answers that no longer stand; every other does."""
    before, gone = list(outbox._stands), set[str]()
    outbox.install(lambda reach_id: reach_id not in gone)
    yield gone
    outbox._stands[:] = before


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that waits for an answer only a moment."""
    monkeypatch.setattr(mailer, "ANSWER_WITHIN", SLOW / 3)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A running mail server, and settings that lead to it."""
    kept = Sink()
    kept.port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, ready_timeout=10, server_hostname="sink")
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{kept.port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = kept.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.PUBLIC_URL = "https://page.example.org"
    yield kept
    controller.stop()
