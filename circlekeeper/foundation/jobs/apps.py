"""Due work as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The schedule, the worker's heartbeat, and the outbox of events."""

    name = "circlekeeper.foundation.jobs"
    label = "jobs"
