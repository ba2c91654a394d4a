"""``circlekeeper up``: one process that loads Django once, forks web and worker from it, and keeps both alive.

Forking after loading is what keeps the memory small: the children share what the parent has read. The parent opens no
thread and keeps no database connection, so a child that died can be forked again at any time.
"""

import contextlib
import gc
import json
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from circlekeeper.serving import listener, prepare, trouble

log = logging.getLogger(__name__)

PAGE_THREADS = 4
STOP_SECONDS = 4.0
FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS = 0.5, 30.0, 60.0
GIVE_UP_AFTER = 4
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start. ``web_processes`` above one needs PostgreSQL."""

    folder: Path
    host: str
    port: int
    web_processes: int = 1


@dataclass(slots=True)
class Child:
    """One process that should be running."""

    name: str
    body: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        """Fork; the child runs ``body`` and never returns from here."""
        sys.stdout.flush()
        sys.stderr.flush()
        self.started, self.again_at = time.monotonic(), 0.0
        self.pid = os.fork()
        if self.pid == 0:
            _run_child(self)

    def died(self) -> None:
        """Plan the next start: at once the first time, later and later when it keeps dying."""
        lived = time.monotonic() - self.started
        self.pause = FIRST_PAUSE if lived > STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        self.deaths = 0 if lived > STEADY_SECONDS else self.deaths + 1
        self.pid, self.again_at = 0, time.monotonic() + self.pause


def _run_child(child: Child) -> None:
    code = 1
    try:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        gc.enable()
        child.body()
        code = 0
    except BaseException as error:
        log.critical("a process stopped: %s", child.name, exc_info=error)
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def up(plan: Plan) -> int:
    """Start everything and keep it running until SIGTERM or SIGINT. Returns the exit status.

    :raises Trouble: it cannot start; nothing is left running.
    """
    # No collecting before the fork: the holes it leaves would be filled by each child, copying shared pages.
    gc.disable()
    port = listener.bind(host=plan.host, port=plan.port)
    prepare.data_folder(plan.folder)
    with contextlib.closing(port):
        _set_environment(plan)
        _load_django(plan)
        with _lock(plan):
            code = _prepare_apart(plan.folder)
            gc.freeze()
            return _Watch(plan, port, _sentence(plan, code)).run()


def _set_environment(plan: Plan) -> None:
    os.environ["CIRCLEKEEPER_DATA"] = str(plan.folder)
    os.environ["PORT"] = str(plan.port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circlekeeper.settings")


def _load_django(plan: Plan) -> None:
    import django
    from django.conf import settings
    from django.urls import get_resolver

    try:
        django.setup()
    except (OSError, ValueError) as error:
        raise trouble.from_system(error, plan.folder) or trouble.damaged_key(plan.folder) from error
    if plan.web_processes > 1 and _on_sqlite():
        raise trouble.one_web_process()
    # Load every page now, in the parent, so that the children share it.
    _ = get_resolver(settings.ROOT_URLCONF).url_patterns


def _on_sqlite() -> bool:
    from django.db import connections

    return any(connections[alias].vendor == "sqlite" for alias in connections)


@contextlib.contextmanager
def _lock(plan: Plan) -> Iterator[None]:
    if _on_sqlite():
        with prepare.only_one(plan.folder):
            yield
    else:
        yield


def _prepare_apart(folder: Path) -> str | None:
    """Bring the databases up to date in a process of its own; returns the set-up code, if one is owed.

    What migrations load and connect to is gone with that process, instead of being copied into every other.

    :raises Trouble: as ``prepare.databases``, or the process died.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _prepare_and_tell(folder, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = json.loads(pipe.read() or "{}")
    os.waitpid(pid, 0)
    if "code" not in said:
        raise trouble.Trouble(said["trouble"]) if "trouble" in said else trouble.cannot_start()
    code: str | None = said["code"]
    return code


def _prepare_and_tell(folder: Path, pipe: int) -> NoReturn:
    from circlekeeper.foundation.accounts import setup_code

    said: dict[str, str | None] = {}
    try:
        prepare.databases(folder)
        said = {"code": setup_code.current()}
    except trouble.Trouble as known:
        said = {"trouble": known.sentence}
    except BaseException as error:
        log.critical("the databases could not be prepared", exc_info=error)
    finally:
        os.write(pipe, json.dumps(said).encode())
        os._exit(0)


def _sentence(plan: Plan, code: str | None) -> str:
    from django.conf import settings
    from django.utils.translation import gettext as _

    address = settings.PUBLIC_URL if os.environ.get("CIRCLEKEEPER_URL") else f"http://localhost:{plan.port}"
    if code:
        return _("Circlekeeper is ready: open %(address)s and type the set-up code %(code)s.") % {
            "address": address,
            "code": code,
        }
    return _("Circlekeeper is ready: open %(address)s.") % {"address": address}


def _web(port: socket.socket, ready: int) -> None:
    from django.core.handlers.wsgi import WSGIHandler

    from circlekeeper.serving import web

    web.serve(listener=port, application=WSGIHandler(), threads=PAGE_THREADS, ready=lambda: _tell(ready))


def _tell(pipe: int) -> None:
    with contextlib.suppress(OSError):
        os.write(pipe, b"!")


def _worker() -> None:
    from circlekeeper.foundation.jobs import worker

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_stop_with_parent, args=(stop, os.getppid()), daemon=True).start()
    worker.run_forever(stop)


def _stop_with_parent(stop: threading.Event, parent: int) -> None:
    while not stop.wait(1.0):
        if os.getppid() != parent:
            stop.set()


@dataclass(slots=True)
class _Watch:
    plan: Plan
    port: socket.socket
    sentence: str
    children: list[Child] = field(default_factory=list)
    ready_read: int = -1
    ready_write: int = -1

    def run(self) -> int:
        self.ready_read, self.ready_write = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        webs = [Child("web", lambda: _web(self.port, self.ready_write)) for _ in range(self.plan.web_processes)]
        self.children = [*webs, Child("worker", _worker)]
        for child in self.children:
            child.start()
        try:
            self._until_told()
        finally:
            self._stop_all()
        return 0

    def _until_told(self) -> None:
        announced = False
        while True:
            if not announced and select.select([self.ready_read], [], [], 0)[0]:
                announced = True
                sys.stdout.write(self.sentence + "\n")
                sys.stdout.flush()
            told = signal.sigtimedwait(_SIGNALS, 0.02 if not announced else self._next_look())
            if told and told.si_signo in {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}:
                return
            self._bury()
            if not announced and any(child.deaths >= GIVE_UP_AFTER for child in self.children):
                raise trouble.cannot_start()
            for child in self.children:
                if child.again_at and time.monotonic() >= child.again_at:
                    child.start()

    def _next_look(self) -> float:
        due = [child.again_at - time.monotonic() for child in self.children if child.again_at]
        return max(0.02, min([5.0, *due]))

    def _bury(self) -> None:
        for child in self.children:
            if child.pid and _ended(child.pid):
                log.error("a process ended and is started again: %s", child.name)
                child.died()

    def _stop_all(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        running = [child for child in self.children if child.pid]
        _signal_all(running, signal.SIGTERM)
        while running and time.monotonic() < deadline:
            running = [child for child in running if not _ended(child.pid)]
            time.sleep(0.01)
        _signal_all(running, signal.SIGKILL)
        for child in running:
            os.waitpid(child.pid, 0)


def _ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _signal_all(children: list[Child], number: signal.Signals) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, number)
