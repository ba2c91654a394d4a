"""Private notes to a member, as that member reads them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.models import NormNote
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.foundation.vault import shredstore


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """One note. ``step``: one of ``rules.STEPS``."""

    step: str
    words: str
    sent_on: date
    due_on: date


def own_notes(*, group_id: str, member_id: str, holder: bytes) -> list[NoteFacts]:
    """A member's own notes, opened with their key, newest first."""
    rows = list(NormNote.objects.filter(group_id=group_id, member_id=member_id).order_by("-sent_on", "pk"))
    secrets = shredstore.secrets({row.secret_id for row in rows})
    found = []
    for row in rows:
        if row.secret_id in secrets:
            said = roster.from_letterbox(
                group_id=group_id,
                holder=holder,
                blob=bytes(row.told_blob),
                wrap=bytes(row.told_wrap),
                secret=secrets[row.secret_id],
                place=sealing.told_place(row.pk, group_id),
            )
            found.append(NoteFacts(str(said["step"]), str(said["words"]), row.sent_on, row.due_on))
    return found


def note_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """On a member's own page: that somebody wrote to them, as long as it is kept."""
    rows = NormNote.objects.filter(group_id=group_id, member_id=member_id, due_on__gt=now.date())
    if not rows.exists():
        return []
    return [Slot(_("A note for you"), _("Somebody who hosts wrote to you."), reverse("my-notes"), _("Read it"))]
