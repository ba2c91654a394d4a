"""The process that loads the demo, or looks at it. It answers with one JSON document, and then it is gone.

The service starts afterwards in a process that never opened a database, because it forks.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from circlekeeper.demo import mark
from circlekeeper.serving import logs, prepare, trouble

# What could lead to a real database, real mail or a real address.
_NOT_FOR_A_DEMO = ("DATABASE_URL", "SHRED_DATABASE_URL", "EMAIL_URL", "CIRCLEKEEPER_URL", "CIRCLEKEEPER_PROXIES")


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as the printed page names it."""

    id: str
    name: str
    level: str
    state: str


class Broken(Exception):
    """The loading broke off; its own lines on standard error say where."""


def environment(folder: Path, port: int) -> dict[str, str]:
    """What a process of the demo is told, and nothing that leads out of its folder."""
    hidden = {name + end for name in _NOT_FOR_A_DEMO for end in ("", "_FILE")}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"CIRCLEKEEPER_DATA": str(folder), "CIRCLEKEEPER_DEMO": "1", "PORT": str(port)}


def ask(what: str, folder: Path, port: int) -> list[Shown]:
    """Have a process ``load`` or ``look``; returns the groups.

    :raises Broken: it failed.
    """
    command = [sys.executable, "-m", "circlekeeper.demo.child", what, str(folder)]
    done = subprocess.run(  # noqa: S603
        command, env=environment(folder, port), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise Broken
    return [Shown(**each) for each in json.loads(done.stdout)]


def _main(what: str, folder: Path) -> int:
    import django  # noqa: PLC0415

    logs.begin()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circlekeeper.settings")
    django.setup()
    if what == "load":
        _load(folder)
    else:
        prepare.in_step(folder)
    sys.stdout.write(json.dumps([asdict(each) for each in _groups()]))
    return 0


def _load(folder: Path) -> None:
    from circlekeeper.demo import story  # noqa: PLC0415
    from circlekeeper.foundation import clock  # noqa: PLC0415

    held = prepare.only_one(folder)
    prepare.databases(folder)
    story.tell(clock.now())
    mark.finish(folder)
    os.close(held)


def _groups() -> list[Shown]:
    from circlekeeper.areas.groups import queries  # noqa: PLC0415

    found = [queries.group(group_id) for group_id in queries.all_ids()]
    return [Shown(each.id, each.public_name, each.level, each.state) for each in found]


if __name__ == "__main__":
    try:
        sys.exit(_main(sys.argv[1], Path(sys.argv[2])))
    except trouble.Trouble as known:
        sys.stderr.write(known.sentence + "\n")
        sys.exit(1)
