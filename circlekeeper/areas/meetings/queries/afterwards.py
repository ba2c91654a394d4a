"""What was said after meetings, and which meetings nobody has spoken of yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.models import Debrief, Meeting, MeetingState
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

ASKED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DebriefFacts:
    """That the questions were answered. ``waits``: something needs following up."""

    waits: bool
    due_on: date


@dataclass(frozen=True, slots=True)
class DebriefWords:
    """What was said: ``calm``, ``mixed`` or ``heavy``, and words if there were any."""

    mood: str
    words: str


def debrief(meeting_id: str) -> DebriefFacts | None:
    """Whether the questions after a meeting were answered; None: not yet."""
    row = Debrief.objects.filter(meeting_id=meeting_id).first()
    return DebriefFacts(row.follow_up and row.followed_at is None, row.due_on) if row else None


@reveal("meetings.debrief.open")
def debrief_words(*, by: str, about: str, group_id: str, ring: KeyRing, now: datetime) -> DebriefWords:
    """What was said after a meeting (``about``).

    :raises NotHere: nothing was, or it was destroyed. :raises NoGrant: the ring lacks the group's roster key.
    """
    del by, now
    row = Debrief.objects.filter(group_id=group_id, meeting_id=about).first()
    secrets = shredstore.secrets([row.secret_id]) if row else {}
    if row is None or row.secret_id not in secrets:
        raise NotHere
    opened = records.open_for_group(
        bytes(row.blob),
        bytes(row.wrap),
        key=ring.scope_key(group_id, Scope.ROSTER),
        secret=secrets[row.secret_id],
        place=sealing.debrief_place(row.pk, group_id),
    )
    return DebriefWords(str(opened["mood"]), str(opened["words"]))


def unspoken(group_ids: Sequence[str], *, person_id: str, now: datetime) -> list[tuple[str, str]]:
    """Meetings this person helped at that were closed lately and that nobody has spoken of, as (group, meeting)."""
    rows = Meeting.objects.filter(
        group_id__in=group_ids,
        state=MeetingState.CLOSED,
        closed_at__gte=now - ASKED_FOR,
        debrief__isnull=True,
        hosts__person_id=person_id,
    )
    return list(rows.order_by("closed_at", "pk").values_list("group_id", "pk").distinct())


def following_up(group_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Meetings after which something needs following up, as (group, meeting)."""
    rows = Debrief.objects.filter(group_id__in=group_ids, follow_up=True, followed_at__isnull=True)
    return list(rows.order_by("at", "pk").values_list("group_id", "meeting_id"))
