"""A small HTTP/1.1 client for benchmarks: keep-alive, closed loop, little CPU of its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

CHUNKED_END = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """One response. ``head`` is the raw header block, for whoever needs a cookie."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name, or an empty string."""
        marker = f"\r\n{name.lower()}: ".encode()
        at = self.head.lower().find(marker)
        if at < 0:
            return ""
        start = at + len(marker)
        end = self.head.find(b"\r\n", start)
        return self.head[start : end if end >= 0 else None].decode("latin-1")


class Connection(asyncio.Protocol):
    """One keep-alive connection; ``send`` writes a whole request and waits for the whole answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._waiter: asyncio.Future[Answer] | None = None
        self._head_end = -1
        self._needed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio: whoever waits is told."""
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Called by asyncio: collect until the answer is whole."""
        self._buffer += data
        if self._head_end < 0:
            self._head_end = self._buffer.find(b"\r\n\r\n")
            if self._head_end < 0:
                return
            self._needed = _body_length(bytes(self._buffer[: self._head_end]))
        if self._needed < 0:
            whole = self._buffer.endswith(CHUNKED_END)
        else:
            whole = len(self._buffer) >= self._head_end + 4 + self._needed
        if whole:
            self._finish()

    def _finish(self) -> None:
        head = bytes(self._buffer[: self._head_end])
        body = bytes(self._buffer[self._head_end + 4 :])
        self._buffer.clear()
        self._head_end = -1
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(Answer(int(head[9:12]), head, body))

    async def send(self, request: bytes) -> Answer:
        """Write one request (already encoded) and return its answer."""
        assert self._transport is not None
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiter

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()


def _body_length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(b"\r\ncontent-length:")
    if at >= 0:
        end = lowered.find(b"\r\n", at + 2)
        return int(lowered[at + 17 : end if end >= 0 else None])
    return -1 if b"\r\ntransfer-encoding: chunked" in lowered else 0


def get(path: str, *, host: str = "localhost", headers: str = "") -> bytes:
    """The bytes of a GET request. ``headers`` holds whole lines, each ending with CRLF."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()


def post(path: str, body: bytes, *, host: str = "localhost", headers: str = "") -> bytes:
    """The bytes of a form POST."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


async def connect(port: int) -> Connection:
    """Open one connection to the service on this machine."""
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
    return connection


Operation = Callable[[Connection, int], Awaitable[bool]]


@dataclass(slots=True)
class Tally:
    """What the operations of one run took, in seconds, and how many failed."""

    taken: list[float] = field(default_factory=list)
    failed: int = 0
    wall: float = 0.0

    @property
    def rate(self) -> float:
        """Operations that succeeded, per second."""
        return len(self.taken) / self.wall if self.wall else 0.0

    def percentile(self, share: float) -> float:
        """The time below which this share (0..1) of the operations stayed, in milliseconds."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


async def closed_loop(*, port: int, connections: int, seconds: float, operation: Operation) -> Tally:
    """Repeat ``operation(connection, serial)`` on each connection until the time is up.

    The operation returns whether it succeeded; a broken connection counts as a failure and is opened again.
    """
    tally = Tally()
    started = time.perf_counter()
    until = started + seconds
    serial = iter(range(1 << 60))

    async def one() -> None:
        connection = await connect(port)
        while (began := time.perf_counter()) < until:
            try:
                succeeded = await operation(connection, next(serial))
            except ConnectionError:
                succeeded = False
                connection.close()
                connection = await connect(port)
            if succeeded:
                tally.taken.append(time.perf_counter() - began)
            else:
                tally.failed += 1
        connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    tally.wall = time.perf_counter() - started
    return tally
