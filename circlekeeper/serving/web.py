"""The web process: granian's HTTP engine with our own way of handing out requests.

Granian's RSGI worker passes each request to a scheduler in one of its Python threads. The stock scheduler moves it to an
event loop; ours answers a page right there, as granian's WSGI worker would, and leaves a stream to the hub. The scheduler is
not part of granian's documented interface, so its version is pinned and `tests/test_web.py` runs the real thing.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any, cast

from granian import _granian as _stubbed
from granian.http import HTTP1Settings

from circlekeeper.serving import live
from circlekeeper.serving.answer import Answerer, InlineLoop, Wsgi

# Its type stubs lag behind the module.
_granian = cast(Any, _stubbed)
_Base: Any = _granian.CallbackScheduler

# Connections beyond this wait in the system's queue. Every open stream is one.
CONNECTIONS = 4096
BACKLOG = 1024
IDLE_THREAD_SECONDS = 30
PARENT_LOOK_SECONDS = 1.0
# How long open requests may take to finish once the service was told to stop.
GRACE_SECONDS = 3.0


class _Scheduler(_Base):  # type: ignore[misc]
    """Hands each request to ``schedule`` in the thread granian called from."""

    def __new__(cls, schedule: Callable[[Any], None]) -> "_Scheduler":
        made: _Scheduler = super().__new__(cls, InlineLoop(), _nothing, None, _nothing, _nothing)
        return made

    def __init__(self, schedule: Callable[[Any], None]) -> None:
        super().__init__()
        self._schedule_fn = schedule


def _nothing(*_: Any) -> None:
    """Stands where granian expects the hooks of asyncio tasks; they are never called."""


def serve(*, listener: socket.socket, application: Wsgi, threads: int, ready: Callable[[], None]) -> None:
    """Answer requests from ``listener`` until SIGTERM or SIGINT, or until the parent process is gone.

    ``threads``: how many pages may run at once. ``ready`` is called when the first request can be answered.
    """
    # Asked for first: a parent that dies while we start is missed by whoever asks later.
    parent = os.getppid()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    finished = threading.Event()
    off = _granian.WorkerSignal()
    off.add_cb(finished.set)
    worker = _worker(listener, threads)
    worker.serve_mtr(_Scheduler(Answerer(application, live.HUB).schedule), InlineLoop(), off)
    threading.Thread(target=live.HUB.run, name="live", daemon=True).start()
    ready()
    while not stop.wait(PARENT_LOOK_SECONDS) and os.getppid() == parent:
        pass
    live.HUB.close()
    off.set()
    finished.wait(GRACE_SECONDS)


def _worker(listener: socket.socket, threads: int) -> Any:
    settings = HTTP1Settings(header_read_timeout=15_000, max_buffer_size=64 * 1024)
    holder = _granian.SocketHolder(listener.fileno(), False, BACKLOG)
    return _granian.RSGIWorker(
        1,  # worker id, used in granian's log lines only
        (None, holder),
        None,
        threads=1,
        blocking_threads=16,
        py_threads=threads,
        py_threads_idle_timeout=IDLE_THREAD_SECONDS,
        backpressure=CONNECTIONS,
        http_mode="1",
        http1_opts=settings,
    )
