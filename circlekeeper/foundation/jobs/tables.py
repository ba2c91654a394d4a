"""The tables, reached late: Django imports this package before its models may be loaded."""
# ruff: noqa: PLC0415

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from circlekeeper.foundation.jobs.models import Event, Heartbeat, Schedule


def schedules() -> "QuerySet[Schedule]":
    """All kinds of due work."""
    from circlekeeper.foundation.jobs.models import Schedule

    return Schedule.objects.all()


def heartbeats() -> "QuerySet[Heartbeat]":
    """The worker's heartbeat."""
    from circlekeeper.foundation.jobs.models import Heartbeat

    return Heartbeat.objects.all()


def event(**values: Any) -> "Event":
    """A new event, not saved yet."""
    from circlekeeper.foundation.jobs.models import Event

    return Event(**values)


def events() -> "QuerySet[Event]":
    """All events, done or waiting."""
    from circlekeeper.foundation.jobs.models import Event

    return Event.objects.all()
