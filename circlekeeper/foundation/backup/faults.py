"""Why a backup could not be made, opened or put back: each one plain sentence, without a path of ours in it."""

from django.utils.translation import gettext as _

from circlekeeper.foundation.errors import Refused


class BackupFailed(Refused):
    """It did not work, and nothing half-made was left. ``sentence`` says why and what to do."""


def exists() -> BackupFailed:
    """There is a file of that name."""
    return BackupFailed(_("There is already a file of that name. Choose another name; nothing is overwritten."))


def not_written(full: bool) -> BackupFailed:
    """The backup could not be written."""
    if full:
        return BackupFailed(_("There is no room left for the backup. Free some space, or choose another disk."))
    return BackupFailed(_("The backup could not be written there. Choose a folder that this user may write to."))


def unreadable() -> BackupFailed:
    """There is no such file, or it may not be read."""
    return BackupFailed(_("There is no backup of that name, or it may not be read."))


def damaged() -> BackupFailed:
    """The file was cut short or changed."""
    return BackupFailed(_("This backup is damaged or not complete. Take another one."))


def wrong_key() -> BackupFailed:
    """No identity at hand opens the file."""
    return BackupFailed(_("This key does not open this backup. Take the key of the machine that made it."))


def no_key() -> BackupFailed:
    """No identity was given."""
    return BackupFailed(
        _(
            "To open this backup you need its key, a line that starts with AGE-SECRET-KEY. Name a file that holds it."
        )
    )


def not_a_key() -> BackupFailed:
    """What was given is no age key."""
    return BackupFailed(_("This is not a key for backups."))


def newer() -> BackupFailed:
    """The archive was made by a later release."""
    return BackupFailed(_("This backup was made by a newer Circlekeeper. Install that version first."))


def busy() -> BackupFailed:
    """Another backup or drill runs on this data folder."""
    return BackupFailed(_("A backup or a drill is already running here. Wait until it is done."))


def not_empty() -> BackupFailed:
    """The folder to restore into holds data."""
    return BackupFailed(_("That folder is not empty. A backup is put back into an empty folder only."))


def no_dump_program() -> BackupFailed:
    """PostgreSQL's own programs are missing or too old."""
    return BackupFailed(
        _(
            "PostgreSQL’s own pg_dump and pg_restore are needed, as new as the server. Install them, then try again."
        )
    )


def database_refused() -> BackupFailed:
    """The database server did not do it."""
    return BackupFailed(_("The database did not answer, or did not allow it."))


def from_database(failure: BaseException) -> BackupFailed:
    """What SQLite or a server said. SQLite calls a write that was cut short an I/O error."""
    cause = failure.__cause__ or failure
    full = getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR"))
    return not_written(full=True) if full else database_refused()


def other_database() -> BackupFailed:
    """The archive holds the other kind of database."""
    return BackupFailed(
        _("This backup holds another kind of database. Set DATABASE_URL as it was on the machine that made it.")
    )
