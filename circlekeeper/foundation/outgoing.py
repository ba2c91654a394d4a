"""Asking another server something: the one way out of this house by HTTP.

Nothing of a request or an answer is written to a log. No redirect is followed, no proxy of the environment is used, and an
address of this machine or its own network is refused unless ``CIRCLEKEEPER_OWN_SERVICES`` names its host: a leader types
these addresses, and must not be able to look round the network this server stands in.
"""

import ipaddress
import json
import logging
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

# Their lines hold whole addresses.
for _noisy in ("httpx", "httpcore"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)

TIMEOUT = httpx.Timeout(connect=4.0, read=8.0, write=8.0, pool=4.0)
LONGEST_ANSWER = 1_000_000  # bytes


class Trouble(StrEnum):
    """Why another service could not do what was asked."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    BUSY = "busy"
    NOT_ALLOWED = "not-allowed"
    GONE = "gone"
    CLOCK = "clock"
    HALF_DONE = "half-done"
    NOT_UNDERSTOOD = "not-understood"
    FORBIDDEN_ADDRESS = "forbidden-address"

    @property
    def passes(self) -> bool:
        """Whether it may mend itself by waiting."""
        return self not in (Trouble.NOT_ALLOWED, Trouble.GONE, Trouble.FORBIDDEN_ADDRESS, Trouble.CLOCK)


class Unavailable(Exception):
    """Another service could not do it. Carries no address, no answer and no secret; ``sentence`` is for people."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble

    @property
    def sentence(self) -> str:
        """What happened and what to do, in plain words."""
        return _words()[self.trouble]


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What came back. Its body is somebody else's text: check its shape before you use it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the status says that it worked."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON.

        :raises Unavailable: it is not JSON.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise Unavailable(Trouble.NOT_UNDERSTOOD) from None

    def date(self) -> datetime | None:
        """The clock of the other server, from its ``Date`` header; to tell a wrong clock from a wrong password."""
        try:
            return parsedate_to_datetime(self.headers.get("date", "")).astimezone(UTC)
        except (ValueError, TypeError):
            return None


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Send one request and return what came back, whatever its status but the three below. Never inside a transaction.

    :raises Unavailable: nobody answered (UNREACHABLE, TIMEOUT), too many requests (BUSY: 429 and 503), credentials were
        refused (NOT_ALLOWED: 401 and 403), the answer was too long, or the address is none we may ask.
    """
    allowed(url)
    sent: dict[str, Any] = {"headers": dict(headers or {})}
    sent |= {"json": json} if json is not None else {"data": dict(form)} if form is not None else {"content": body}
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False, verify=_trust()) as client,
            client.stream(method, url, **sent) as answer,
        ):
            read = _read(answer)
    except httpx.TimeoutException:
        raise Unavailable(Trouble.TIMEOUT) from None
    except httpx.HTTPError:
        raise Unavailable(Trouble.UNREACHABLE) from None
    except (httpx.InvalidURL, ValueError):
        raise Unavailable(Trouble.FORBIDDEN_ADDRESS) from None
    if read.status in (429, 503):
        raise Unavailable(Trouble.BUSY)
    if read.status in (401, 403):
        raise Unavailable(Trouble.NOT_ALLOWED)
    return read


def allowed(url: str) -> None:
    """Check that an address may be asked: TLS, no name or password in it, and not this machine's own network.

    A host named in ``CIRCLEKEEPER_OWN_SERVICES`` may be asked without TLS too; the person who runs the machine named it.

    :raises Unavailable: it may not (FORBIDDEN_ADDRESS), or its name leads nowhere (UNREACHABLE).
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Unavailable(Trouble.FORBIDDEN_ADDRESS) from None
    if host and host in settings.OWN_SERVICES and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        raise Unavailable(Trouble.FORBIDDEN_ADDRESS)
    try:
        found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except OSError:
        raise Unavailable(Trouble.UNREACHABLE) from None
    if any(not ipaddress.ip_address(each[4][0]).is_global for each in found):
        raise Unavailable(Trouble.FORBIDDEN_ADDRESS)


def _read(answer: httpx.Response) -> Answer:
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, body)


@cache
def _trust() -> ssl.SSLContext:
    # Reading the machine's authorities takes longer than a question; new ones are believed after the next start.
    return ssl.create_default_context()


def _words() -> dict[Trouble, str]:
    return {
        Trouble.UNREACHABLE: _(
            "The service cannot be reached now. Try again in a minute, or meet at your second place."
        ),
        Trouble.TIMEOUT: _(
            "The service did not answer in time. Try again in a minute, or meet at your second place."
        ),
        Trouble.BUSY: _("The service is busy and asks us to wait. We will ask again in a few minutes."),
        Trouble.NOT_ALLOWED: _("The service no longer accepts our key. Somebody has to connect it again."),
        Trouble.GONE: _("The service no longer knows this meeting. Set it up again."),
        Trouble.CLOCK: _(
            "This server's clock and the service's do not agree. Tell the person who runs this server."
        ),
        Trouble.HALF_DONE: _(
            "The service did only part of what we asked. Nothing counts until all of it is seen."
        ),
        Trouble.NOT_UNDERSTOOD: _(
            "The service answered something we do not understand. Nothing was changed here."
        ),
        Trouble.FORBIDDEN_ADDRESS: _(
            "This address cannot be asked from here. It must begin with https:// and be public."
        ),
    }
