"""Notes among those who decide, where there may be any."""

from datetime import datetime

from circlekeeper.areas.joining.models import WorkingNote
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


def notes_allowed(group_id: str) -> bool:
    """Whether the group's level allows notes about people who ask to join; never at high (REG7)."""
    return str(safeguards.settings_for(group_id).value("vetting-notes")) == "sealed"


def note_place(note_id: str, group_id: str) -> Place:
    """Where sealed notes belong."""
    return Place("joining_workingnote", note_id, "blob", group_id)


@reveal("joining.note.open")
def note(*, by: str, about: str, group_id: str, ring: KeyRing, now: datetime) -> str:
    """The notes about one application (``about``); empty when there are none.

    :raises NoGrant: the ring lacks the group's roster key.
    """
    del by, now
    row = WorkingNote.objects.filter(application_id=about, group_id=group_id).first()
    if row is None:
        return ""
    try:
        secret = shredstore.secret(row.secret_id)
    except shredstore.Shredded:
        return ""
    opened = records.open_for_group(
        bytes(row.blob),
        bytes(row.wrap),
        key=ring.scope_key(group_id, Scope.ROSTER),
        secret=secret,
        place=note_place(row.pk, group_id),
    )
    return str(opened["words"])
