"""Who may send us people. Their names are sealed; each look is logged."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from circlekeeper.areas.joining.models import Referrer
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class ReferrerFacts:
    """One listed referrer. ``open_codes``: handed out and neither used nor too old."""

    id: str
    name: str
    reach: str
    open_codes: int
    listed_until: date


def referrer_place(referrer_id: str, group_id: str) -> Place:
    """Where a referrer's sealed name and contact belong."""
    return Place("joining_referrer", referrer_id, "blob", group_id)


@reveal("joining.referrer.open")
def referrers(*, by: str, about: str, ring: KeyRing, now: datetime) -> list[ReferrerFacts]:
    """Everybody listed in a group (``about``), by name.

    :raises NoGrant: the ring lacks the group's roster key.
    """
    del by
    key = ring.scope_key(about, Scope.ROSTER)
    unused = Count("referrals", filter=Q(referrals__expires_at__gt=now))
    rows = list(Referrer.objects.filter(group_id=about, due_on__gt=now.date()).annotate(unused=unused))
    secrets = shredstore.secrets({row.secret_id for row in rows})
    found = []
    for row in rows:
        if row.secret_id in secrets:
            said = records.open_for_group(
                bytes(row.blob),
                bytes(row.wrap),
                key=key,
                secret=secrets[row.secret_id],
                place=referrer_place(row.pk, about),
            )
            found.append(ReferrerFacts(row.pk, said["name"], said["reach"], row.unused, row.due_on))
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def referrer(*, by: str, group_id: str, referrer_id: str, ring: KeyRing, now: datetime) -> ReferrerFacts:
    """One listed referrer.

    :raises NotHere: nobody of this id is listed.
    """
    listed = referrers(by=by, about=group_id, ring=ring, now=now)
    found = next((each for each in listed if each.id == referrer_id), None)
    if found is None:
        raise NotHere
    return found
