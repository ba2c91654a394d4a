"""Emergency plans, as the team and the members read them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.venues import sealing
from circlekeeper.areas.venues.models import Plan
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One plan. ``venue_id`` and ``number``: of the place it is for; empty and 0 if it is for a country."""

    id: str
    venue_id: str
    number: int
    country: str
    verified_on: date
    recheck_on: date
    steps: str = field(repr=False)
    numbers: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def name(self) -> str:
        """What it is for, in words that tell nothing of a place."""
        if self.venue_id:
            return _("Place %(n)d") % {"n": self.number}
        return _("Whoever joins from %(country)s") % {"country": self.country}

    @property
    def dials(self) -> list[tuple[str, str, str]]:
        """Who answers, the number as it is read, and as a ``tel:`` address holds it."""
        return [(who, dial, "".join(each for each in dial if each in "+0123456789")) for who, dial in self.numbers]

    def is_old(self, today: date) -> bool:
        """Whether its numbers must be checked again first (FMT4)."""
        return today > self.recheck_on


def plans(group_id: str) -> list[PlanFacts]:
    """Every plan of a group: those for places first."""
    return _facts(Plan.objects.filter(group_id=group_id))


def plan(*, group_id: str, plan_id: str) -> PlanFacts:
    """One plan.

    :raises NotHere: this group has no such plan.
    """
    found = _facts(Plan.objects.filter(group_id=group_id, pk=plan_id))
    if not found:
        raise NotHere
    return found[0]


def _facts(rows: QuerySet[Plan]) -> list[PlanFacts]:
    found = []
    for row in rows.select_related("venue"):
        said, venue = sealing.open_plan(row), row.venue
        found.append(
            PlanFacts(
                row.pk,
                venue.pk if venue else "",
                venue.number if venue else 0,
                row.country,
                row.verified_on,
                row.recheck_on,
                said.steps,
                said.numbers,
            )
        )
    return sorted(found, key=lambda each: (not each.venue_id, each.number, each.country))


def plan_at(venue_id: str) -> str:
    """The id of the plan for a place; empty: there is none."""
    return Plan.objects.filter(venue_id=venue_id).values_list("pk", flat=True).first() or ""


def outdated(group_id: str, today: date) -> int:
    """How many plans have numbers past their recheck date (FMT4)."""
    return Plan.objects.filter(group_id=group_id, recheck_on__lt=today).count()


def todo(who: Who, now: datetime) -> list[Todo]:
    """Plans whose numbers nobody has checked for long, for those who plan meetings."""
    places = [each for each in accounts.places_of(who.id) if who.can(Permission.MEETING_PLAN, each)]
    rows = Plan.objects.filter(group_id__in=places, recheck_on__lt=now.date())
    return [
        Todo(
            title=_("Ring the numbers of an emergency plan"),
            why=_("Nobody has checked them for half a year. Until then no doors open."),
            url=reverse("venues:plan", args=[group_id, plan_id]),
            minutes=10,
            urgency=Urgency.TODAY,
        )
        for plan_id, group_id in rows.values_list("pk", "group_id")
    ]


def today_of(group_id: str, now: datetime) -> date:
    """The day it is for a group."""
    return now.astimezone(groups.group(group_id).zone).date()
