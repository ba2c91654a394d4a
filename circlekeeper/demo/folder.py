"""The demo's data folder: what it is now, and removing it."""

import os
import shutil
from enum import StrEnum
from pathlib import Path

from circlekeeper.demo import mark
from circlekeeper.serving import prepare, trouble


class Found(StrEnum):
    """What stands in a folder."""

    NOTHING = "nothing"
    HALF = "half"  # a loading that broke off
    WHOLE = "whole"
    SOMETHING_ELSE = "something else"


class NotADemo(Exception):
    """The folder holds something that is not a demo; it is left alone. ``sentence`` says so."""

    def __init__(self, folder: Path) -> None:
        super().__init__("not a demo")
        self.sentence = (
            f"{folder} holds something that is not a demo, so it was left alone. Name another with --data."
        )


def look(folder: Path) -> Found:
    """What this folder holds."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return Found.SOMETHING_ELSE
    if not folder.exists() or not any(folder.iterdir()):
        return Found.NOTHING
    if not mark.is_on(folder):
        return Found.SOMETHING_ELSE
    return Found.WHOLE if mark.is_whole(folder) else Found.HALF


def make(folder: Path) -> None:
    """An empty, closed, marked folder; what a broken loading left is removed.

    :raises NotADemo: it holds something else. :raises Trouble: it cannot be written, or a service runs on it.
    """
    if look(folder) is Found.HALF:
        wipe(folder)
    elif look(folder) is not Found.NOTHING:
        raise NotADemo(folder)
    prepare.data_folder(folder)
    mark.put(folder)


def wipe(folder: Path) -> bool:
    """Remove a demo's folder and nothing else; links inside are removed, not followed. False if there is none.

    :raises NotADemo: it has no mark. :raises Trouble: a service runs on it.
    """
    found = look(folder)
    if found is Found.SOMETHING_ELSE:
        raise NotADemo(folder)
    if found is Found.NOTHING:
        return False
    held = prepare.only_one(folder)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise trouble.from_system(error, folder) or trouble.not_writable(folder) from error
    finally:
        os.close(held)
    return True
