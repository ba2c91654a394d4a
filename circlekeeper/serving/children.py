"""What the two kinds of process do: answer people, and do the work that is due."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable

WEB, WORKER = "web", "worker"
PAGE_THREADS = 4
PARENT_LOOK_SECONDS = 1.0


def body(name: str, *, listener: socket.socket, ready: int) -> Callable[[], None]:
    """The whole life of a process of this kind. ``ready``: the pipe to write a byte to when pages can be served."""
    if name == WEB:
        return lambda: _web(listener, ready)
    return _work


def _web(listener: socket.socket, ready: int) -> None:
    from django.core.handlers.wsgi import WSGIHandler

    from circlekeeper.serving import web

    web.serve(listener=listener, application=WSGIHandler(), threads=PAGE_THREADS, ready=lambda: _tell(ready))


def _tell(pipe: int) -> None:
    with contextlib.suppress(OSError):
        os.write(pipe, b"!")


def _work() -> None:
    from circlekeeper.foundation.jobs import worker

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_stop_with_parent, args=(stop, os.getppid()), daemon=True).start()
    worker.run_forever(stop)


def _stop_with_parent(stop: threading.Event, parent: int) -> None:
    while not stop.wait(PARENT_LOOK_SECONDS):
        if os.getppid() != parent:
            stop.set()
