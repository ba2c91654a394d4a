"""Sealed notes among those who decide, where the level allows any; they die with the decision (REG7)."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import queries
from circlekeeper.areas.joining.actions import rows
from circlekeeper.areas.joining.models import WorkingNote
from circlekeeper.areas.joining.queries.notes import note_place
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord

LONGEST = 2000


def write_note(*, by: str, group_id: str, application_id: str, words: str, now: datetime) -> None:
    """Write the notes about an open application anew. What stood there before can be read no more.

    :raises Refused: the group's level allows no notes, they are too long, or it was decided already.
    :raises NotHere: there is no such application.
    """
    if not queries.notes_allowed(group_id):
        raise Refused(_("Your group's level allows no notes about people who ask to join."))
    if len(words) > LONGEST:
        raise Refused(_("Please write less: what the two of you need to decide, and no more."), field="words")
    queries.application(group_id=group_id, application_id=application_id)
    note_id = new_id()
    secret = shredstore.new_secret(record="intake", group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"words": words.strip()},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=note_place(note_id, group_id),
    )
    old = _write(
        by=by,
        group_id=group_id,
        application_id=application_id,
        note_id=note_id,
        secret_id=secret.id,
        sealed=sealed,
        now=now,
    )
    shredstore.shred(old, now=now)


@action("joining.note.write")
def _write(
    *,
    by: str,
    group_id: str,
    application_id: str,
    note_id: str,
    secret_id: str,
    sealed: SealedRecord,
    now: datetime,
) -> list[str]:
    found = rows.open_application(group_id, application_id)
    old = drop_notes(found.pk)
    today = now.astimezone(groups.group(group_id).zone).date()
    WorkingNote.objects.create(
        pk=note_id,
        application=found,
        group_id=group_id,
        secret_id=secret_id,
        blob=sealed.blob,
        wrap=sealed.wrap,
        due_on=safeguards.due_on(group_id=group_id, record="intake", start=today),
    )
    ledger.record(by=by, about=found.pk, at=now)
    return old


def drop_notes(application_id: str) -> list[str]:
    """Inside an action: delete the notes about an application. Returns the secrets to shred once that is committed."""
    notes = WorkingNote.objects.filter(application_id=application_id)
    secrets = list(notes.values_list("secret_id", flat=True))
    notes.delete()
    return secrets
