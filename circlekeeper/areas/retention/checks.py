"""What this room can say about forgetting, and about the backups that must not bring anybody back."""

from django.utils.translation import gettext as _

from circlekeeper.areas.retention import queries
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards.evidence import Finding, Question, evidence
from circlekeeper.foundation.backup import log as backups
from circlekeeper.foundation.playbook import durations


@evidence("daily-deletion-running")
def what_is_due_is_destroyed(ask: Question) -> Finding:
    """DAT7: the daily run finished within two days."""
    last = queries.last_finished()
    if last is None:
        return Finding.unknown(_("The daily run has not finished yet."))
    if ask.now - last > queries.LATE:
        return Finding.not_met(_("The daily run has not finished for two days."), checked_at=last)
    return Finding.met(_("The daily run finished."), checked_at=last)


@evidence("backup-recent")
def there_is_a_recent_backup_that_opens(ask: Question) -> Finding:
    """DAT1: the newest backup is younger than the level allows, and the newest drill passed."""
    found = backups.status(ask.now)
    allowed = safeguards.settings_for(ask.group_id).span("backup-age")
    if found.made_at is None:
        return Finding.not_met(_("There is no backup yet."))
    if ask.now > durations.add_duration(found.made_at, allowed):
        return Finding.not_met(_("The newest backup is too old."), checked_at=found.made_at)
    if found.drill_passed is None:
        return Finding.not_met(_("No backup was ever opened to see that it works."), checked_at=found.made_at)
    if not found.drill_passed:
        return Finding.not_met(_("The last try to open a backup failed."), checked_at=found.drilled_at)
    return Finding.met(_("There is a recent backup, and one was opened."), checked_at=found.made_at)
