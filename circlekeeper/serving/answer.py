"""One request: a page in this thread, a stream without a thread, or ``ok``."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs

from circlekeeper.serving import ahead, environ, live

log = logging.getLogger(__name__)

HEALTH = "/healthz"
# Above the largest upload the settings allow, so that Django's own answer is seen first.
BODY_LIMIT = 12 * 1024 * 1024
BODYLESS = frozenset({"GET", "HEAD", "OPTIONS"})

HeaderList = list[tuple[str, str]]
PLAIN: HeaderList = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
STREAM: HeaderList = [
    ("content-type", "text/event-stream"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),
    ("x-content-type-options", "nosniff"),
]

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Proto(Protocol):
    """The answering side of one RSGI request."""

    def __call__(self) -> Any:
        """The future of the whole body."""

    def client_disconnect(self) -> Any:
        """The future of the client's going away."""

    def response_bytes(self, status: int, headers: HeaderList, body: bytes) -> None:
        """Answer; may be called from any thread, once."""

    def response_stream(self, status: int, headers: HeaderList) -> live.Transport:
        """Answer with a body that comes bit by bit."""


class Watcher(Protocol):
    """What granian hands to its scheduler for each request."""

    scope: environ.Scope
    proto: Proto

    def done(self) -> None:
        """Answer 500 unless an answer was given."""


class InlineLoop:
    """Stands where granian expects an event loop: a future's callback runs in the thread that completed it."""

    def call_soon(self, function: Callable[..., Any], *args: Any, context: Any = None) -> None:
        """Call it now."""
        del context
        function(*args)

    call_soon_threadsafe = call_soon


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers requests; ``schedule`` is called in one of granian's page threads and must never raise."""

    application: Wsgi
    hub: live.Hub

    def schedule(self, watcher: Watcher) -> None:
        """Answer this request, or arrange for its body to be read first."""
        try:
            self._route(watcher)
        except BaseException as error:
            _failed(watcher, error)

    def _route(self, watcher: Watcher) -> None:
        scope, proto = watcher.scope, watcher.proto
        path = scope.path
        if path == HEALTH:
            proto.response_bytes(200, PLAIN, b"ok")
        elif path.startswith(live.PREFIX):
            self._stream(scope, proto)
        elif scope.method == "GET" and (reply := ahead.get(scope)) is not None:
            proto.response_bytes(*reply)
        elif scope.method in BODYLESS:
            self._page(scope, proto, b"")
        else:
            self._read_body(watcher)

    def _page(self, scope: environ.Scope, proto: Proto, body: bytes) -> None:
        started: list[Any] = []

        def start_response(status: str, headers: HeaderList, exc_info: Any = None) -> None:
            del exc_info
            started[:] = (int(status[:3]), headers)

        result = self.application(environ.from_scope(scope, body), start_response)
        try:
            reply = ahead.Reply(started[0], started[1], b"".join(result))
            proto.response_bytes(*reply)
            ahead.keep(scope, result, reply)
        finally:
            # Django hands the database connection back here, after the visitor has the answer.
            close = getattr(result, "close", None)
            if close:
                close()

    def _read_body(self, watcher: Watcher) -> None:
        proto = watcher.proto
        length = watcher.scope.headers.get("content-length") or ""
        if not length.isascii() or not length.isdigit():
            proto.response_bytes(411, PLAIN, b"length required")
        elif int(length) > BODY_LIMIT:
            proto.response_bytes(413, [*PLAIN, ("connection", "close")], b"too large")
        else:
            # No page thread waits for a slow phone: the callback runs when the whole body is here.
            proto().add_done_callback(lambda future: self._with_body(watcher, future))

    def _with_body(self, watcher: Watcher, future: Any) -> None:
        try:
            body = future.result()
        except BaseException:
            # The client left in the middle of its own request.
            watcher.done()
            return
        try:
            if not ahead.post(watcher.scope, body, lambda reply: self._later(watcher, body, reply)):
                self._page(watcher.scope, watcher.proto, body)
        except BaseException as error:
            _failed(watcher, error)

    def _later(self, watcher: Watcher, body: bytes, reply: ahead.Reply | None) -> None:
        try:
            if reply is None:
                self._page(watcher.scope, watcher.proto, body)
            else:
                watcher.proto.response_bytes(*reply)
        except BaseException as error:
            _failed(watcher, error)

    def _stream(self, scope: environ.Scope, proto: Proto) -> None:
        if scope.method != "GET":
            proto.response_bytes(405, [*PLAIN, ("allow", "GET")], b"")
            return
        if self.hub.full():
            proto.response_bytes(503, [*PLAIN, ("retry-after", "30")], b"")
            return
        channel = live.allowed(scope.path, _cookies(scope.headers))
        if channel is None:
            # Not 204 or an error the browser would retry: EventSource gives up on 404, and the page works without.
            proto.response_bytes(404, PLAIN, b"")
            return
        gone = proto.client_disconnect()
        transport = proto.response_stream(200, STREAM)
        forget = self.hub.add(channel=channel, transport=transport, since=_since(scope))
        gone.add_done_callback(lambda _: forget())


def _failed(watcher: Watcher, error: BaseException) -> None:
    log.error("a request failed", exc_info=error)
    watcher.done()


def _cookies(headers: environ.Headers) -> dict[str, str]:
    from django.http.cookie import parse_cookie

    return parse_cookie(headers.get("cookie") or "")


def _since(scope: environ.Scope) -> int | None:
    """The version the page was drawn from: what the browser heard last, else ``?v=``."""
    asked = parse_qs(scope.query_string).get("v", [""])[0]
    said = scope.headers.get("last-event-id") or asked
    return int(said) if said.isascii() and said.isdigit() else None
