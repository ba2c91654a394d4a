"""Work that is cheaper together: what comes while one batch is done makes up the next. Nobody waits for company."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST = 128


class Together(Generic[T]):
    """One thread that hands ``work`` everything that was brought since it last asked, in order, at most ``MOST`` at once.

    ``work`` must not raise. The thread starts with the first thing that is brought, so after any fork.
    """

    def __init__(self, work: Callable[[list[T]], None], *, name: str) -> None:
        self._work = work
        self._name = name
        self._brought: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def bring(self, thing: T) -> None:
        """Leave one thing; returns at once."""
        self._brought.put(thing)
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                self._work(self._take())
            except Exception:
                log.exception("work done together failed")

    def _take(self) -> list[T]:
        taken = [self._brought.get()]
        try:
            while len(taken) < MOST:
                taken.append(self._brought.get_nowait())
        except queue.Empty:
            pass
        return taken
