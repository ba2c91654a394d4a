"""``circlekeeper drill stolen-server --data DIR [--backup FILE] [--person NAME]``."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from circlekeeper.cli.answers import FINDING, FINE, WRONG_USE
from circlekeeper.cli.stolen import drill
from circlekeeper.cli.stolen.hand import WrongPassphrase
from circlekeeper.foundation.backup.faults import BackupFailed


def run(args: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    """Exit status 0: nothing was read that should not be; 1: something was; 2: it could not be tried."""
    try:
        asked = drill.Asked(
            folder=args.data,
            backup=args.backup,
            file_key=args.key.read_text(encoding="utf-8") if args.key else "",
            handle=args.person or "",
            passphrase=_passphrase(args.passphrase_file) if args.person else "",
        )
        result = drill.run(asked)
    except WrongPassphrase:
        return WRONG_USE, {"ok": False, "detail": "Nobody of this name is there, or the passphrase is not theirs."}
    except BackupFailed as failure:
        return WRONG_USE, {"ok": False, "detail": failure.sentence}
    except OSError:
        return WRONG_USE, {"ok": False, "detail": "No SQLite database could be read there."}
    return FINE if result.ok else FINDING, result.document()


def _passphrase(file: Path | None) -> str:
    """Asked for without an echo, or from a file: never an argument, which every process of the machine can see."""
    if file is None:
        return getpass.getpass("Passphrase: ")
    if str(file) == "-":
        return sys.stdin.readline().rstrip("\n")
    return file.read_text(encoding="utf-8").rstrip("\n")
