"""Every command there is. A command that is not built yet is not here."""

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from circlekeeper.cli import backups, setup
from circlekeeper.cli.answers import FINDING, FINE, WRONG_USE, Answer

# Whoever reads a time and types it needs a moment.
CLOCKS_AGREE = timedelta(minutes=15)

Arguments = argparse.ArgumentParser
Run = Callable[[argparse.Namespace], Answer]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words, what it does in a line, its arguments, its work.

    ``data``: it needs a data folder that was set up before. ``speaks``: it has a document to print.
    ``starts``: it loads Django itself. ``folder``: its own data folder instead of the usual one.
    """

    words: tuple[str, ...]
    does: str
    run: Run
    arguments: Callable[[Arguments], None] = lambda parser: None
    data: bool = True
    speaks: bool = True
    starts: bool = False
    folder: str = ""


def moment(text: str) -> datetime:
    """An ISO 8601 date or time from the command line; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(
            f"{text} is not a date like 2026-11-23 or 2026-11-23T10:00:00Z"
        ) from wrong
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _up_arguments(parser: Arguments) -> None:
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="default: $PORT or 8000"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--workers", type=int, default=1, help="web processes; more than one needs PostgreSQL")


def _up(args: argparse.Namespace) -> Answer:
    from circlekeeper.serving import supervisor

    plan = supervisor.Plan(folder=args.data, host=args.host, port=args.port, web_processes=max(1, args.workers))
    supervisor.up(plan)


def _demo_arguments(parser: Arguments) -> None:
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="default: $PORT or 8000"
    )
    parser.add_argument("--load-only", action="store_true", help="load and print, start nothing")
    parser.add_argument("--wipe", action="store_true", help="remove the demo; with --load-only, load it anew")
    parser.add_argument("--codes", action="store_true", help="print what the authenticator apps show now")


def _demo(args: argparse.Namespace) -> Answer:
    from circlekeeper.demo import command

    asked = command.Asked(args.data, args.port, load_only=args.load_only, wipe=args.wipe, codes=args.codes)
    return command.run(asked), {}


def _doctor(args: argparse.Namespace) -> Answer:
    from circlekeeper.cli.doctor import examine

    checks = examine.examine(args.data)
    sound = all(check.state is not examine.State.FAIL for check in checks)
    document = {"ok": sound, "checks": [check.document() for check in checks]}
    return FINE if sound else FINDING, document


def _playbook_arguments(parser: Arguments) -> None:
    parser.add_argument("--path", type=Path, help="another content folder")


def _playbook_check(args: argparse.Namespace) -> Answer:
    from circlekeeper.foundation.playbook import loader

    report = loader.check(args.path)
    errors = [{"file": each.file, "key": each.key, "problem": each.problem} for each in report.errors]
    return FINE if report.ok else FINDING, {"ok": report.ok, "controls": report.controls, "errors": errors}


def _log_verify(args: argparse.Namespace) -> Answer:
    from circlekeeper.foundation.ledger import commands

    return commands.cli_verify(args)


def _log_prove(args: argparse.Namespace) -> Answer:
    from circlekeeper.foundation.ledger import commands

    return commands.cli_prove(args)


def _log_check(args: argparse.Namespace) -> Answer:
    from circlekeeper.foundation.ledger import commands

    return commands.cli_check(args)


def _number(parser: Arguments) -> None:
    parser.add_argument("number", type=int, metavar="N", help="the entry's number")


def _proof(parser: Arguments) -> None:
    parser.add_argument("proof", metavar="PROOF", help="a file, or - for standard input")


def _retention_arguments(parser: Arguments) -> None:
    parser.add_argument(
        "--as-of", type=moment, metavar="ISO8601", help="the moment that decides what is due (now)"
    )
    parser.add_argument("--dry-run", action="store_true", help="count, destroy nothing")


def _retention_run(args: argparse.Namespace) -> Answer:
    from circlekeeper.areas.retention import commands
    from circlekeeper.foundation import clock

    return commands.run_json(as_of=args.as_of or clock.now(), dry_run=args.dry_run)


def _clock_arguments(parser: Arguments) -> None:
    parser.add_argument(
        "moment",
        type=moment,
        metavar="ISO8601",
        help="what another clock you trust shows now, for example 2026-11-23T10:00Z (UTC unless it says otherwise)",
    )


def _clock_confirm(args: argparse.Namespace) -> Answer:
    from circlekeeper.foundation import clock, jobs

    now = clock.now()
    agrees = abs(now - args.moment) <= CLOCKS_AGREE
    if agrees:
        jobs.confirm_clock(by="system", now=now)
    return FINE if agrees else FINDING, {"confirmed": agrees, "clock": now.isoformat(timespec="seconds")}


def _posture_arguments(parser: Arguments) -> None:
    parser.add_argument("group", nargs="?", metavar="GROUP", help="one group's id (default: every group)")


def _posture(args: argparse.Namespace) -> Answer:
    from circlekeeper.areas.safeguards import commands
    from circlekeeper.foundation import clock
    from circlekeeper.foundation.errors import NotHere

    try:
        found = commands.posture_json(args.group, clock.now())
    except NotHere:
        return WRONG_USE, []
    return FINDING if any(each["blocking"] for each in found) else FINE, found


def _stolen_arguments(parser: Arguments) -> None:
    parser.add_argument("--backup", type=Path, metavar="FILE", help="a backup file the thief also has")
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help="its age key (default: the one in the data folder)"
    )
    parser.add_argument("--person", metavar="NAME", help="someone who left; their passphrase is asked for")
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="read their passphrase from here, - for standard input",
    )


def _stolen(args: argparse.Namespace) -> Answer:
    # Nothing of the folder is loaded as ours: it is looked at as a thief would.
    setup.nowhere()
    from circlekeeper.cli.stolen import command

    return command.run(args)


COMMANDS: tuple[Command, ...] = (
    Command(("up",), "start everything", _up, _up_arguments, data=False, speaks=False, starts=True),
    Command(
        ("demo",),
        "the same with an invented community, in a folder of its own",
        _demo,
        _demo_arguments,
        data=False,
        speaks=False,
        starts=True,
        folder="demo-data",
    ),
    Command(("doctor",), "look at everything that may be wrong", _doctor, data=False),
    Command(("playbook", "check"), "check the content folder", _playbook_check, _playbook_arguments, data=False),
    Command(("posture",), "what holds and what does not, group by group", _posture, _posture_arguments),
    Command(("log", "verify"), "check the whole log", _log_verify),
    Command(("log", "prove"), "prove one entry against the newest checkpoint", _log_prove, _number),
    Command(("log", "check"), "check such a proof, without the database", _log_check, _proof, data=False),
    Command(
        ("clock", "confirm"),
        "say that this machine's clock is right, after it jumped or stood still for days",
        _clock_confirm,
        _clock_arguments,
    ),
    Command(("retention", "run"), "destroy what is due", _retention_run, _retention_arguments),
    Command(
        ("backup", "create"), "make a backup that only its key opens", backups.create, backups.create_arguments
    ),
    Command(("backup", "key"), "show the key that opens backups, to be printed", backups.key),
    Command(("backup", "drill"), "open the newest backup and look", backups.drill, backups.drill_arguments),
    Command(
        ("restore",),
        "put a backup into a new folder; it stays closed until reconciled",
        backups.restore,
        backups.restore_arguments,
        data=False,
        starts=True,
    ),
    Command(
        ("drill", "stolen-server"),
        "try to read what a thief of this data folder should not",
        _stolen,
        _stolen_arguments,
        data=False,
        starts=True,
    ),
)
GROUPS = {
    "backup": "copies that bring nobody back",
    "drill": "what would happen if",
    "clock": "whether the time can be believed",
    "playbook": "the guide's content",
    "log": "the log that cannot be changed",
    "retention": "letting go",
}
