"""``circlekeeper``: reads the words, runs one command, says what came out."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from circlekeeper import __version__
from circlekeeper.cli import answers, setup, table
from circlekeeper.serving import logs
from circlekeeper.serving.trouble import Trouble


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 fine, 1 a finding or it cannot run, 2 wrong use."""
    logs.begin()
    args = parser().parse_args(argv)
    command: table.Command = args.command
    args.data = args.data.expanduser().absolute()
    try:
        if not command.starts:
            setup.django(args.data, must_exist=command.data)
        status, document = command.run(args)
    except Trouble as trouble:
        answers.refuse(trouble.sentence)
        return answers.FINDING
    except setup.NothingHere as missing:
        answers.refuse(missing.sentence)
        return answers.WRONG_USE
    if command.speaks:
        answers.say(document, as_document=args.json)
    return status


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    whole = argparse.ArgumentParser(
        prog="circlekeeper", description="A safe container for sensitive support groups.", allow_abbrev=False
    )
    whole.add_argument("--version", action="version", version=f"circlekeeper {__version__}")
    first = whole.add_subparsers(metavar="COMMAND", required=True)
    groups = {
        name: first.add_parser(name, help=does, description=does).add_subparsers(metavar="COMMAND", required=True)
        for name, does in table.GROUPS.items()
    }
    for command in table.COMMANDS:
        place = groups[command.words[0]] if len(command.words) == 2 else first
        own = place.add_parser(command.words[-1], help=command.does, description=command.does, allow_abbrev=False)
        own.add_argument(
            "--data",
            type=Path,
            metavar="DIR",
            default=Path(command.folder or os.environ.get("CIRCLEKEEPER_DATA", "data")),
            help=f"the data folder (default: {command.folder or '$CIRCLEKEEPER_DATA or ./data'})",
        )
        if command.speaks:
            own.add_argument("--json", action="store_true", help="print one JSON document")
        command.arguments(own)
        own.set_defaults(command=command)
    return whole


if __name__ == "__main__":
    sys.exit(main())
