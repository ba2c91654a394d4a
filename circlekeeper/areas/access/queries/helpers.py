"""Interpreters and people who write captions: for the access lead by name, for everybody else only that one comes."""

from dataclasses import dataclass
from datetime import date, datetime

from circlekeeper.areas.access.models import Coming, Helper
from circlekeeper.areas.access.words import COMES
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class HelperFacts:
    """One helper as the access lead sees them. ``meetings``: the ids of those they come to."""

    id: str
    kind: str
    name: str
    reach: str
    promised_on: date | None
    listed_until: date
    meetings: frozenset[str]


def helper_place(helper_id: str, group_id: str) -> Place:
    """Where a helper's sealed name and contact belong."""
    return Place("access_helper", helper_id, "blob", group_id)


@reveal("access.helper.open")
def helpers(*, by: str, about: str, ring: KeyRing, now: datetime) -> list[HelperFacts]:
    """Everybody listed in a group (``about``), by name.

    :raises NoGrant: the ring lacks the key for access.
    """
    del by
    key = ring.scope_key(about, Scope.ACCESS)
    rows = list(Helper.objects.filter(group_id=about, due_on__gt=now.date()).prefetch_related("coming"))
    secrets = shredstore.secrets({row.secret_id for row in rows})
    found = []
    for row in rows:
        if row.secret_id in secrets:
            said = records.open_for_group(
                bytes(row.blob),
                bytes(row.wrap),
                key=key,
                secret=secrets[row.secret_id],
                place=helper_place(row.pk, about),
            )
            meetings = frozenset(each.meeting_id for each in row.coming.all())
            found.append(
                HelperFacts(row.pk, row.kind, said["name"], said["reach"], row.promised_on, row.due_on, meetings)
            )
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def coming_to(group_id: str, meeting_id: str) -> list[str]:
    """The kinds of helpers who come to a meeting (``interpreter``, ``captioner``); not who, and not for whom."""
    rows = Coming.objects.filter(group_id=group_id, meeting_id=meeting_id)
    return sorted(set(rows.values_list("helper__kind", flat=True)))


def helping(group_id: str, meeting_id: str) -> list[str]:
    """The same in words, one sentence for each kind."""
    return [str(COMES[kind]) for kind in coming_to(group_id, meeting_id)]
