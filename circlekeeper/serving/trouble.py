"""What can go wrong before anything runs, each as one sentence a person can act on."""

import errno
from pathlib import Path

from django.apps import apps
from django.utils import translation


def _(text: str) -> str:
    """Translate, or leave as it is while Django is not loaded (it may be what failed)."""
    return translation.gettext(text) if apps.ready else text


class Trouble(Exception):
    """The service cannot start. ``sentence`` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def port_taken(port: int) -> Trouble:
    """Another program answers on this port."""
    return Trouble(
        _("Port %(port)d is already in use: stop the other program or choose another port, like PORT=%(other)d.")
        % {"port": port, "other": port + 1}
    )


def port_refused(port: int) -> Trouble:
    """The system does not let this user listen there."""
    return Trouble(
        _("This machine does not allow port %(port)d: choose one above 1024, like PORT=8000.") % {"port": port}
    )


def address_unknown(host: str) -> Trouble:
    """The address to listen on is not one of this machine's."""
    return Trouble(
        _("%(host)s is not an address of this machine: leave --host out, or use 0.0.0.0.") % {"host": host}
    )


def not_writable(folder: Path) -> Trouble:
    """The data folder cannot be made or written."""
    return Trouble(
        _(
            "The data folder %(folder)s cannot be written: choose another with --data, or give this user the right to it."
        )
        % {"folder": folder}
    )


def not_ours(folder: Path) -> Trouble:
    """The data folder belongs to somebody else, so it cannot be closed to others."""
    return Trouble(
        _("The data folder %(folder)s belongs to another user: run as that user, or choose another with --data.")
        % {"folder": folder}
    )


def disk_full(folder: Path) -> Trouble:
    """There is no room left."""
    return Trouble(
        _("The disk that holds %(folder)s is full: free some space and start again.") % {"folder": folder}
    )


def already_running(folder: Path) -> Trouble:
    """A second service on one SQLite folder."""
    return Trouble(_("Circlekeeper is already running on the data folder %(folder)s.") % {"folder": folder})


def database_away(alias: str) -> Trouble:
    """The database server does not answer."""
    variable = {"default": "DATABASE_URL", "shred": "SHRED_DATABASE_URL"}[alias]
    return Trouble(
        _("The database in %(variable)s does not answer: check the address and that it runs.")
        % {"variable": variable}
    )


def newer_data() -> Trouble:
    """The data was written by a later release."""
    return Trouble(
        _("This data was written by a newer Circlekeeper: install that version again; nothing was changed.")
    )


def older_data() -> Trouble:
    """The tables were not brought to this release yet."""
    return Trouble(
        _("This data is from an older Circlekeeper: start “circlekeeper up” once, which brings it up to date.")
    )


def damaged_key(folder: Path) -> Trouble:
    """A key file is there but not whole; it is never replaced, because a new key opens nothing."""
    return Trouble(
        _("A key file in %(folder)s/keys is damaged: put it back from your backup. Do not delete it.")
        % {"folder": folder}
    )


def closed(folder: Path) -> Trouble:
    """A backup was put back here and what went since has not gone again."""
    return Trouble(
        _(
            "A backup was put back into %(folder)s, and people who were forgotten since may be in it. Nobody is let in "
            "before this is done: circlekeeper restore --reconcile --data %(folder)s"
        )
        % {"folder": folder}
    )


def one_web_process() -> Trouble:
    """SQLite with several web processes."""
    return Trouble(_("More than one web process needs PostgreSQL: set DATABASE_URL, or leave --workers out."))


def cannot_start() -> Trouble:
    """Web died again and again before it was ready."""
    return Trouble(
        _("Circlekeeper could not start: the lines above say where; “circlekeeper doctor” may say why.")
    )


def from_system(error: BaseException, folder: Path) -> Trouble | None:
    """The sentence for an error of the operating system or of SQLite, or None if it is something else."""
    cause: BaseException | None = error
    while cause is not None:
        known = _known(cause, folder)
        if known is not None:
            return known
        cause = cause.__cause__ or cause.__context__
    return None


def _known(error: BaseException, folder: Path) -> Trouble | None:
    if isinstance(error, OSError):
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return disk_full(folder)
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT}:
            return not_writable(folder)
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith("SQLITE_FULL"):
        return disk_full(folder)
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return not_writable(folder)
    return None
