"""How letting go stands: for Today, for the doctor, for the control."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.retention import rules
from circlekeeper.areas.retention.models import Hold, Residue, Run
from circlekeeper.areas.retention.queries import falling, papers
from circlekeeper.foundation import jobs
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency

LATE = timedelta(days=2)
JOB = "retention.run"
_HOLD_ENDS_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Status:
    """For the doctor. ``overdue``: rows whose day has come, not held. ``unswept``: certified, rows still there."""

    last_finished: datetime | None
    late: bool
    overdue: int
    held: int
    unswept: int


def last_finished() -> datetime | None:
    """When the daily run last finished."""
    rows = Run.objects.filter(finished_at__isnull=False).order_by("-finished_at")
    return rows.values_list("finished_at", flat=True).first()


def is_late(now: datetime) -> bool:
    """Whether the daily run has not finished for two days, counted from when it was first to run if it never did (DAT7)."""
    last = last_finished()
    if last is not None:
        return now - last > LATE
    return any(each.name == JOB and each.since is not None for each in jobs.missed(now))


def status(now: datetime) -> Status:
    """How letting go stands now; reads every table with dates."""
    plan = rules.plan(falling.due_at(now), falling.live_holds(now))
    return Status(last_finished(), is_late(now), plan.going, plan.staying, Residue.objects.count())


def todo(who: Any, now: datetime) -> list[Todo]:
    """The alarm when the daily run is late, what goes tomorrow, and holds that end; for whoever answers for what is kept."""
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.RETENTION_SEE, place)]
    if not places:
        return []
    late = [_late(places[0])] if is_late(now) else []
    return [*late, *(each for place in places for each in _of(place, now))]


def _late(group_id: str) -> Todo:
    return Todo(
        title=_("The daily run is late"),
        why=_("Records that should be gone are still there."),
        url=_url(group_id),
        minutes=5,
        urgency=Urgency.HARM,
    )


def _of(group_id: str, now: datetime) -> Iterator[Todo]:
    tomorrow = (now.astimezone(groups.group(group_id).zone) + timedelta(days=1)).date()
    count = sum(each.count for each in papers.ahead(group_id, now=now, days=2) if each.on == tomorrow)
    if count:
        yield Todo(
            title=ngettext("%(count)d record goes tomorrow", "%(count)d records go tomorrow", count)
            % {"count": count},
            why=_("Nothing to do, unless one of them must wait: then it needs a hold today."),
            url=_url(group_id),
            minutes=1,
            urgency=Urgency.LATER,
        )
    last = (now + _HOLD_ENDS_SOON).date()
    ending = Hold.objects.filter(
        group_id=group_id, released_at__isnull=True, until__gte=now.date(), until__lte=last
    )
    for until in ending.order_by("until", "pk").values_list("until", flat=True):
        yield Todo(
            title=_("A hold ends on %(day)s") % {"day": date_format(until, "j F Y")},
            why=_("After that day the record is destroyed, unless someone has a reason to keep it longer."),
            url=_url(group_id),
            minutes=5,
            urgency=Urgency.SOON,
        )


def _url(group_id: str) -> str:
    return reverse("retention:overview", args=[group_id])
