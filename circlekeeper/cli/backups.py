"""``circlekeeper backup create | drill`` and ``circlekeeper restore``."""

import argparse
import os
from pathlib import Path

from circlekeeper.cli import setup
from circlekeeper.cli.answers import WRONG_USE, Answer
from circlekeeper.serving import prepare

Arguments = argparse.ArgumentParser


def create_arguments(parser: Arguments) -> None:
    """What ``backup create`` is told."""
    parser.add_argument("path", type=Path, metavar="PATH", help="a new file, or a folder in which it gets a name")
    parser.add_argument(
        "--recipient",
        action="append",
        default=[],
        metavar="AGE1",
        help="a further public key that opens it (may be given several times)",
    )


def create(args: argparse.Namespace) -> Answer:
    """Make a backup."""
    from circlekeeper.foundation import clock
    from circlekeeper.foundation.backup import commands

    return commands.create_json(args.path.expanduser(), recipients=args.recipient, now=clock.now())


def key(_args: argparse.Namespace) -> Answer:
    """The key that opens the backups, to be printed and kept elsewhere."""
    from circlekeeper.foundation.backup import commands

    return commands.key_json()


def drill_arguments(parser: Arguments) -> None:
    """What ``backup drill`` is told."""
    parser.add_argument(
        "path", type=Path, nargs="?", metavar="PATH", help="the backup to open (default: the newest made here)"
    )


def drill(args: argparse.Namespace) -> Answer:
    """Open a backup in a throw-away place and look."""
    from circlekeeper.foundation import clock
    from circlekeeper.foundation.backup import commands

    return commands.drill_json(now=clock.now(), path=args.path.expanduser() if args.path else None)


def restore_arguments(parser: Arguments) -> None:
    """What ``restore`` is told."""
    parser.add_argument("path", type=Path, nargs="?", metavar="PATH", help="the backup; left out with --reconcile")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the age key that opens it, if it is not here")
    parser.add_argument(
        "--store", type=Path, metavar="DIR", help="a data folder to take the shred store from; records need it"
    )
    parser.add_argument(
        "--reconcile",
        action="store_true",
        help="destroy and revoke again what was since the backup, then let people in",
    )
    parser.add_argument(
        "--accept-losses", action="store_true", help="with --reconcile: open although something is lost"
    )


def restore(args: argparse.Namespace) -> Answer:
    """Put a backup into a new folder, or settle what a restored folder still owes."""
    if args.reconcile == bool(args.path):
        return WRONG_USE, {"ok": False, "detail": "Name a backup to put back, or say --reconcile."}
    near = Path(os.environ.get("CIRCLEKEEPER_DATA", "data")).expanduser().absolute()
    setup.django(args.data, must_exist=False)
    from circlekeeper.foundation import clock
    from circlekeeper.foundation.backup import commands

    if not args.reconcile:
        return commands.restore_json(args.path, data=args.data, key=args.key, store=args.store, near=near)
    if not setup.has_data(args.data):
        raise setup.NothingHere(args.data)
    prepare.databases(args.data)
    return commands.reconcile_json(now=clock.now(), accept_losses=args.accept_losses)
