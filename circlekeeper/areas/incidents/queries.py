"""Reading what happened: kinds and moments freely, words through a look that is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.incidents import rules, sealing
from circlekeeper.areas.incidents.models import Happening
from circlekeeper.areas.incidents.words import KIND_WORDS
from circlekeeper.areas.safeguards.sources import Fact
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.todo import Todo, Urgency
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What stands in the clear about one draft. ``kind``: one of ``rules.Kind``; ``words``: that in words."""

    id: str
    group_id: str
    meeting_id: str
    kind: str
    words: str
    at: datetime
    by_machine: bool
    settled: bool
    due_on: date


def counted(group_id: str, now: datetime) -> Sequence[Fact]:
    """For a statement of readiness: how often something that happened was written down in the twelve months before."""
    rows = Happening.objects.filter(group_id=group_id, at__gt=now - _YEAR, at__lte=now)
    return [
        Fact(
            _("Times in twelve months that something happened and was written down"),
            rows.count(),
            small_tells=True,
        )
    ]


@dataclass(frozen=True, slots=True)
class KindFacts:
    """One kind of what happens, in words, and the playbook's card to read from first."""

    id: str
    words: str
    card: str


def kinds() -> list[KindFacts]:
    """What a host can press, the most urgent first."""
    return [KindFacts(kind.value, str(KIND_WORDS[kind]), rules.CARDS[kind]) for kind in rules.PRESSED]


def drafts(group_id: str, *, meeting_id: str = "") -> list[DraftFacts]:
    """What happened in a group, or at one of its meetings: what waits first, then the newest."""
    rows = Happening.objects.filter(group_id=group_id)
    if meeting_id:
        rows = rows.filter(meeting_id=meeting_id)
    found = [_facts(row) for row in rows.order_by("-at", "pk")]
    return sorted(found, key=lambda each: each.settled)


def draft(group_id: str, draft_id: str) -> DraftFacts:
    """One draft.

    :raises NotHere: the group has none of this id.
    """
    row = Happening.objects.filter(group_id=group_id, pk=draft_id).first()
    if row is None:
        raise NotHere
    return _facts(row)


def waiting(group_ids: Sequence[str]) -> dict[str, int]:
    """How many drafts wait in each of these groups; none: no entry."""
    found: dict[str, int] = {}
    rows = Happening.objects.filter(group_id__in=group_ids, settled_at__isnull=True)
    for group_id in rows.values_list("group_id", flat=True):
        found[group_id] = found.get(group_id, 0) + 1
    return found


@reveal("incidents.draft.open")
def draft_words(*, by: str, about: str, group_id: str, ring: KeyRing, now: datetime) -> str:
    """What was written (``about``: the draft).

    :raises NotHere: there is none, or it was destroyed. :raises NoGrant: the ring lacks the group's roster key.
    """
    del by, now
    row = Happening.objects.filter(group_id=group_id, pk=about).first()
    secrets = shredstore.secrets([row.secret_id]) if row else {}
    if row is None or row.secret_id not in secrets:
        raise NotHere
    opened = records.open_for_group(
        bytes(row.blob),
        bytes(row.wrap),
        key=ring.scope_key(group_id, Scope.ROSTER),
        secret=secrets[row.secret_id],
        place=sealing.draft_place(row.pk, group_id),
    )
    return str(opened["words"])


def todo(who: Who, now: datetime) -> list[Todo]:
    """Drafts that wait for those who answer for a group."""
    del now
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.INCIDENT_SEE, place)]
    return [
        Todo(
            title=_("Something happened"),
            why=_("A note waits to be read. What is owed to members may depend on how soon."),
            url=reverse("incidents:index", args=[group_id]),
            minutes=10,
            urgency=Urgency.HARM,
        )
        for group_id in waiting(places)
    ]


def _facts(row: Happening) -> DraftFacts:
    return DraftFacts(
        id=row.pk,
        group_id=row.group_id,
        meeting_id=row.meeting_id,
        kind=row.kind,
        words=str(KIND_WORDS[rules.Kind(row.kind)]),
        at=row.at,
        by_machine=row.by == "system",
        settled=row.settled_at is not None,
        due_on=row.due_on,
    )
