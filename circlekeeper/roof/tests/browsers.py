"""Browsers that ask the way granian does, with the desk ahead of Django or without it."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

from circlekeeper.roof.doorway import Doorway
from circlekeeper.serving import ahead, answer, live

DEVICE = re.compile(rb'name="device" value="([a-z2-7]{26})"')
_EXPIRES = re.compile(r"expires=[^;]+")
FORM = "application/x-www-form-urlencoded"


class AtOnce:
    """Stands where the doorway's thread would, for tests whose database another thread cannot see."""

    def __init__(self, work: Callable[[list[Any]], None], *, name: str) -> None:
        del name
        self._work = work

    def bring(self, thing: Any) -> None:
        """Do it now."""
        self._work([thing])


class Here(Executor):
    """Runs what it is given in this thread, for the same reason."""

    def submit(self, call: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        """Do it now."""
        done: Future[Any] = Future()
        done.set_result(call(*args, **more))
        return done


def desk() -> Doorway:
    """A doorway that does everything in the thread that asks."""
    return Doorway(together=AtOnce, alone=Here())  # type: ignore[arg-type]


class Headers(dict[str, str]):
    """Names in lower case, as granian hands them over."""


@dataclass(slots=True)
class Scope:
    """One request's head."""

    method: str
    path: str
    headers: Headers
    query_string: str = ""
    scheme: str = "http"
    client: str = "127.0.0.1:1"


class _Body:
    """The future of a body that is already here."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def result(self) -> bytes:
        return self._body


@dataclass(slots=True)
class Exchange:
    """One request and its answer; also what granian calls the watcher and the protocol."""

    scope: Scope
    body: bytes = b""
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    content: bytes = b""
    failed: bool = False

    @property
    def proto(self) -> "Exchange":
        return self

    def __call__(self) -> _Body:
        return _Body(self.body)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        assert not self.status, "answered twice"
        self.status, self.headers, self.content = status, headers, body

    def done(self) -> None:
        self.failed = True

    @property
    def device(self) -> str:
        """The device that the cookie of this answer names, or the page offers."""
        said = re.search(r"ck_door=([a-z2-7]{26})", str(self.headers)) or DEVICE.search(self.content)
        found = said.group(1) if said else ""
        return found.decode() if isinstance(found, bytes) else found

    @property
    def told(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """Everything in the answer but the device, which is random, and the second at which its cookie ends."""
        device = self.device or "-"
        headers = sorted(
            (name, _EXPIRES.sub("expires", value.replace(device, "D"))) for name, value in self.headers
        )
        return self.status, headers, self.content.replace(device.encode(), b"D")


class Server:
    """Pages and the desk before them. ``seen`` counts what Django had to answer."""

    def __init__(self, desk: Doorway | None = None) -> None:
        self.desk, self.seen, self._busy = desk, 0, False
        self._django = WSGIHandler()
        self._answerer = answer.Answerer(self._counted, live.HUB)

    def _counted(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        self.seen += 1
        return self._django(environ, start_response)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Exchange:
        """One request; a header ``sec_fetch_site`` is ``Sec-Fetch-Site``."""
        body = urlencode(form or {}).encode() if method == "POST" else b""
        said = Headers({"host": "localhost"} | {name.replace("_", "-"): value for name, value in headers.items()})
        if method == "POST":
            said |= {"content-type": FORM, "content-length": str(len(body))}
        path, _, query = path.partition("?")
        exchange = Exchange(Scope(method, path, said, query), body)
        with self.watched():
            self._answerer.schedule(cast(answer.Watcher, exchange))
        return exchange

    @contextmanager
    def watched(self) -> Iterator[None]:
        """The time in which the desk is installed; ``ask`` begins its own, a crowd of threads shares one."""
        if self._busy:
            yield
            return
        self._busy = True
        try:
            with _desk(self.desk), _connections_stay():
                yield
        finally:
            self._busy = False


@contextmanager
def _desk(desk: Doorway | None) -> Iterator[None]:
    before = ahead._installed.desk
    ahead.install(desk)
    try:
        yield
    finally:
        ahead.install(before)


@contextmanager
def _connections_stay() -> Iterator[None]:
    """As Django's own test client: a connection with a test's transaction is not closed after a request."""
    both = (signals.request_started, signals.request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in both:
            signal.connect(close_old_connections)
