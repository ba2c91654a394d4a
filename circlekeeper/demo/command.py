"""``circlekeeper demo``: load if need be, print how to sign in, serve."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from circlekeeper.demo import child, folder, sheet
from circlekeeper.serving import supervisor

FINE, FINDING, WRONG_USE = 0, 1, 2
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    folder: Path
    port: int
    load_only: bool
    wipe: bool
    codes: bool


def run(asked: Asked) -> int:
    """The exit status; does not return when it serves.

    :raises Trouble: the folder cannot be used, or a service runs on it.
    """
    if asked.codes:
        return _say(sheet.codes(time.time()))
    try:
        if asked.wipe:
            gone = folder.wipe(asked.folder)
            if not asked.load_only:
                return _say(f"{asked.folder} is removed." if gone else f"There is no demo in {asked.folder}.")
        groups, fresh = _loaded(asked)
    except folder.NotADemo as refusal:
        sys.stderr.write(refusal.sentence + "\n")
        return WRONG_USE
    except child.Broken:
        sys.stderr.write("The demo could not be loaded: the lines above say where.\n")
        return FINDING
    _say(sheet.whole(groups, address=f"http://localhost:{asked.port}", folder=str(asked.folder), fresh=fresh))
    return FINE if asked.load_only else _serve(asked)


def _loaded(asked: Asked) -> tuple[list[child.Shown], bool]:
    if folder.look(asked.folder) is folder.Found.WHOLE:
        return child.ask("look", asked.folder, asked.port), False
    folder.make(asked.folder)
    return child.ask("load", asked.folder, asked.port), True


def _serve(asked: Asked) -> int:
    told = child.environment(asked.folder, asked.port)
    for name in set(os.environ) - set(told):
        del os.environ[name]
    os.environ.update(told)
    _say("")
    supervisor.up(supervisor.Plan(folder=asked.folder, host=HOST, port=asked.port))


def _say(text: str) -> int:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
    return FINE
