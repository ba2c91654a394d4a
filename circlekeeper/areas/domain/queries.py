"""How a group's domain stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.domain.models import Domain, Look
from circlekeeper.areas.domain.rules import Part, State, Told
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """A group's domain and what its owner told."""

    group_id: str
    name: str
    selector: str
    told: Told
    told_by: str


@dataclass(frozen=True, slots=True)
class LookFacts:
    """How one part stood at the last look; ``known_at`` and ``known_state``: the last time anybody answered."""

    part: str
    state: str
    why: str
    until: date | None
    looked_at: datetime
    known_at: datetime | None
    known_state: str
    fell_at: datetime | None


def domain(group_id: str) -> DomainFacts | None:
    """The domain of a group; None if it told none."""
    return next(iter(_facts(Domain.objects.filter(pk=group_id))), None)


def domains() -> list[DomainFacts]:
    """Every domain, for the daily look."""
    return _facts(Domain.objects.order_by("pk"))


def looks(group_id: str) -> dict[str, LookFacts]:
    """The last look at each part; nothing for what was never looked at."""
    rows = Look.objects.filter(group_id=group_id).values_list(*LookFacts.__dataclass_fields__)
    found = [LookFacts(*row) for row in rows]
    order = list(Part)
    return {each.part: each for each in sorted(found, key=lambda each: order.index(Part(each.part)))}


def todo(who: Who, now: datetime) -> list[Todo]:
    """Domains of which something fell, for whoever answers for the group."""
    mine = [place for place in accounts.places_of(who.id) if who.can(Permission.SAFETY_ATTEST, place)]
    fallen = Look.objects.filter(group_id__in=mine, fell_at__isnull=False, state=State.LACKING)
    return [
        Todo(
            title=_("Your web address is less protected than it was"),
            why=_("Whoever takes your address can write to members in your name."),
            url=reverse("domain:domain", args=[group_id]),
            minutes=20,
            urgency=Urgency.HARM,
        )
        for group_id in sorted(set(fallen.values_list("group_id", flat=True)))
    ]


def _facts(rows: Iterable[Domain]) -> list[DomainFacts]:
    return [
        DomainFacts(
            row.group_id, row.name, row.selector, Told(row.paid_until, row.locked, row.told_on), row.told_by
        )
        for row in rows
    ]
