"""Getting Django ready for a command."""

import os
import tempfile
from pathlib import Path

from circlekeeper.serving import prepare, trouble


class NothingHere(Exception):
    """The command needs data and the folder holds none. ``sentence`` says what to do."""

    def __init__(self, folder: Path) -> None:
        super().__init__("no data")
        self.sentence = (
            f"There is no Circlekeeper data in {folder}: name the right folder with --data, or start once with "
            "“circlekeeper up”."
        )


def has_data(folder: Path) -> bool:
    """Whether this folder was set up before (or the data is in a database server)."""
    return bool(os.environ.get("DATABASE_URL")) or (folder / "circlekeeper.sqlite3").exists()


def django(folder: Path, *, must_exist: bool) -> None:
    """Load Django for this data folder.

    A command that needs no data leaves no trace: where there is no folder it gets a temporary one for its keys.

    :raises NothingHere: the command needs data and there is none.
    :raises Trouble: the folder cannot be used, or its tables are older than this release.
    """
    if must_exist and not has_data(folder):
        raise NothingHere(folder)
    if has_data(folder):
        prepare.data_folder(folder)
    else:
        folder = Path(tempfile.mkdtemp(prefix="circlekeeper-"))
        _remove_at_exit(folder)
    os.environ["CIRCLEKEEPER_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circlekeeper.settings")
    import django

    try:
        django.setup()
    except (OSError, ValueError) as error:
        raise trouble.from_system(error, folder) or trouble.damaged_key(folder) from error
    if must_exist:
        prepare.in_step(folder)


def nowhere() -> None:
    """Load Django with a throw-away folder, for a command that only looks at somebody else's."""
    kept = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "SHRED_DATABASE_URL")}
    try:
        folder = Path(tempfile.mkdtemp(prefix="circlekeeper-"))
        _remove_at_exit(folder)
        django(folder, must_exist=False)
    finally:
        os.environ.update({name: value for name, value in kept.items() if value is not None})


def _remove_at_exit(folder: Path) -> None:
    import atexit
    import shutil

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
