"""Live streams: a page that is open hears "changed" and fetches itself again. A stream never carries content.

A stream costs no thread. One thread asks each channel in use for its version, a number that grows when something a page
shows has changed, and tells the streams of the channels that moved. The version is the truth (it also grows when another
process wrote); ``changed`` only makes it quicker within this process.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

log = logging.getLogger(__name__)

Channel = str
Authorise = Callable[[str, Mapping[str, str]], Channel | None]
Version = Callable[[Channel], int]

PREFIX = "/live/"
ASK_EVERY = 0.7
PING_EVERY = 15.0
# A stream ends after this, the browser comes back by itself and is asked again whether it may listen.
LASTS = 600.0
STREAMS_LIMIT = 2000
RETRY = b"retry: 3000\n\n"
PING = b": \n\n"


class Transport(Protocol):
    """Where the bytes of one stream go; sending never waits."""

    def send_bytes(self, data: bytes) -> Any:
        """Queue some bytes for the client."""


@dataclass(slots=True, eq=False)
class _Stream:
    channel: Channel
    transport: Transport | None
    opened: float
    said: float

    def send(self, data: bytes) -> None:
        """Queue bytes unless the stream has ended."""
        transport = self.transport
        if transport is not None:
            transport.send_bytes(data)


@dataclass(slots=True)
class _Installed:
    authorise: Authorise | None = None
    version: Version | None = None


_installed = _Installed()


def install(authorise: Authorise, version: Version) -> None:
    """Connect the streams; called once by the wiring.

    ``authorise(path, cookies)`` returns the channel this visitor may listen to at this path, or None.
    ``version(channel)`` returns its current number; it is called about once a second and must be one cheap query.
    """
    _installed.authorise = authorise
    _installed.version = version


def allowed(path: str, cookies: Mapping[str, str]) -> Channel | None:
    """The channel of this path if this visitor may listen, else None (also when nothing was installed)."""
    return _installed.authorise(path, cookies) if _installed.authorise else None


@dataclass(slots=True)
class Hub:
    """All streams of one process."""

    clock: Callable[[], float] = time.monotonic
    _streams: dict[Channel, set[_Stream]] = field(default_factory=dict)
    _versions: dict[Channel, int] = field(default_factory=dict)
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _wake: threading.Event = field(default_factory=threading.Event)
    _closed: bool = False

    @property
    def open_streams(self) -> int:
        """How many streams are open now."""
        return self._count

    def full(self) -> bool:
        """Whether no further stream may be opened (too many, or the service is stopping)."""
        return self._closed or self._count >= STREAMS_LIMIT

    def add(self, *, channel: Channel, transport: Transport, since: int | None) -> Callable[[], None]:
        """Keep a stream that was just opened; returns what to call when the client has gone.

        ``since``: the version the page was drawn from. If the channel has moved on, the stream says so at once.
        """
        now = self.clock()
        current = _version_of(channel)
        stream = _Stream(channel, transport, now, now)
        stream.send(RETRY)
        with self._lock:
            self._streams.setdefault(channel, set()).add(stream)
            self._versions.setdefault(channel, current)
            self._count += 1
        if since is not None and since != current:
            stream.send(_message(current))
        self._wake.set()
        return lambda: self._drop(stream)

    def _drop(self, stream: _Stream) -> None:
        # Letting go of the transport is what ends the response; granian keeps the rest of the stream alive.
        stream.transport = None
        with self._lock:
            listeners = self._streams.get(stream.channel, set())
            if stream not in listeners:
                return
            listeners.remove(stream)
            self._count -= 1
            if not listeners:
                self._streams.pop(stream.channel, None)
                self._versions.pop(stream.channel, None)

    def changed(self) -> None:
        """Ask for versions now instead of at the next turn."""
        self._wake.set()

    def turn(self) -> None:
        """One round: tell the channels that moved, ping the silent, end the old."""
        now = self.clock()
        with self._lock:
            channels = {channel: set(listeners) for channel, listeners in self._streams.items()}
        for channel, listeners in channels.items():
            version = _version_of(channel, fallback=self._versions.get(channel, 0))
            moved = version != self._versions.get(channel, version)
            with self._lock:
                if channel in self._streams:
                    self._versions[channel] = version
            for stream in listeners:
                self._speak(stream, now=now, news=_message(version) if moved else b"")

    def _speak(self, stream: _Stream, *, now: float, news: bytes) -> None:
        if news or now - stream.said >= PING_EVERY:
            stream.send(news or PING)
            stream.said = now
        if now - stream.opened >= LASTS:
            self._drop(stream)

    def run(self) -> None:
        """Take turns until ``close``; meant for a thread of its own. Sleeps while nobody listens."""
        while not self._closed:
            if not self._count:
                self._wake.wait()
                self._wake.clear()
                continue
            self._wake.wait(ASK_EVERY)
            self._wake.clear()
            try:
                self.turn()
            except Exception:
                log.exception("a round of live streams failed")
                time.sleep(ASK_EVERY)

    def close(self) -> None:
        """End every stream at once; browsers come back after the time in ``retry``."""
        self._closed = True
        with self._lock:
            for listeners in self._streams.values():
                for stream in listeners:
                    stream.transport = None
            self._streams.clear()
            self._versions.clear()
            self._count = 0
        self._wake.set()


HUB = Hub()


def changed() -> None:
    """Something a page shows was written in this process; open pages hear it now, not within a second."""
    HUB.changed()


def _version_of(channel: Channel, *, fallback: int = 0) -> int:
    return _installed.version(channel) if _installed.version else fallback


def _message(version: int) -> bytes:
    return b"id: %d\ndata: changed\n\n" % version
