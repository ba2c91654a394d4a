"""``circlekeeper up``: loads Django once, forks web and worker from it, and turns into the program that watches them.

Forking after loading is what keeps the memory small: web and worker share what was read once. Nothing here opens a thread or
keeps a database connection before the fork.
"""

import contextlib
import gc
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from circlekeeper.foundation.backup import closing
from circlekeeper.serving import children, listener, logs, prepare, trouble, watch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start. ``web_processes`` above one needs PostgreSQL."""

    folder: Path
    host: str
    port: int
    web_processes: int = 1


def up(plan: Plan) -> NoReturn:
    """Start everything; this process then watches until SIGTERM or SIGINT and ends with an exit status of its own.

    :raises Trouble: it cannot start; nothing is left running.
    """
    # No collecting before the fork: the holes it leaves would be filled by each child, copying shared pages.
    gc.disable()
    port = listener.bind(host=plan.host, port=plan.port)
    prepare.data_folder(plan.folder)
    if closing.is_closed(plan.folder):
        raise trouble.closed(plan.folder)
    _load_django(plan)
    if _on_sqlite():
        prepare.only_one(plan.folder)
    code = _prepare_apart(plan.folder)
    gc.freeze()
    _become_the_watch(plan, port, _sentence(plan, code))


def _load_django(plan: Plan) -> None:
    import django
    from django.conf import settings
    from django.urls import get_resolver

    os.environ["CIRCLEKEEPER_DATA"] = str(plan.folder)
    os.environ["PORT"] = str(plan.port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circlekeeper.settings")
    try:
        django.setup()
    except (OSError, ValueError) as error:
        raise trouble.from_system(error, plan.folder) or trouble.damaged_key(plan.folder) from error
    if plan.web_processes > 1 and _on_sqlite():
        raise trouble.one_web_process()
    # Load every page now, so that the children share it.
    _ = get_resolver(settings.ROOT_URLCONF).url_patterns


def _on_sqlite() -> bool:
    from django.db import connections

    return any(connections[alias].vendor == "sqlite" for alias in connections)


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
    from circlekeeper.foundation.vault import shredstore

    said: dict[str, str | None] = {}
    try:
        prepare.databases(folder)
        shredstore.finish_rotation()
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


def _become_the_watch(plan: Plan, port: socket.socket, sentence: str) -> NoReturn:
    reading, writing = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, watch.SIGNALS)
    names = [children.WEB] * plan.web_processes + [children.WORKER]
    started = [
        {"name": name, "pid": _fork(name, port, writing), "command": _again(name, port, writing)} for name in names
    ]
    hopeless = trouble.cannot_start().sentence
    orders = _in_a_pipe({"children": started, "ready": reading, "sentence": sentence, "hopeless": hopeless})
    for kept in (port.fileno(), reading, writing, orders):
        os.set_inheritable(kept, True)
    program = [sys.executable, "-I", "-S", str(watch.__file__), str(orders)]
    os.execv(program[0], program)  # noqa: S606


def _in_a_pipe(document: object) -> int:
    """Where the watch reads its orders: other users of the machine can see a command line, and this holds a code."""
    reading, writing = os.pipe()
    os.write(writing, json.dumps(document).encode())
    os.close(writing)
    return reading


def _fork(name: str, port: socket.socket, ready: int) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _live(name, port, ready)
    return pid


def _again(name: str, port: socket.socket, ready: int) -> list[str]:
    return [sys.executable, "-m", "circlekeeper.serving.supervisor", name, str(port.fileno()), str(ready)]


def _live(name: str, port: socket.socket, ready: int) -> NoReturn:
    """Be a child; the process ends here."""
    code = 1
    try:
        for number in watch.SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, watch.SIGNALS)
        gc.enable()
        children.body(name, listener=port, ready=ready)()
        code = 0
    except BaseException as error:
        log.critical("a process stopped", exc_info=error)
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def start_again(words: Sequence[str]) -> NoReturn:
    """A child that died, as a process of its own: its kind, the port's descriptor, the pipe's."""
    import django

    logs.begin()
    django.setup()
    name, port, ready = words
    _live(name, socket.socket(fileno=int(port)), int(ready))


if __name__ == "__main__":
    start_again(sys.argv[1:])
