"""Deadlines are rows: after an outage everything that fell due is still here."""

from django.db import models

from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class Schedule(models.Model):
    """One kind of due work: when it runs next, who runs it now, and how it went."""

    held = Held(
        record="schedule",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="one row for each kind of work, no data about anyone",
    )

    name = models.CharField(primary_key=True, max_length=64)
    every_seconds = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    next_run_at = models.DateTimeField(db_index=True)
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=26, blank=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=80, blank=True)
    failures = models.PositiveIntegerField(default=0)


class Heartbeat(models.Model):
    """When a worker last ran (``at``), and the last moment whose clock could be believed (``trusted_at``)."""

    held = Held(
        record="schedule",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="a single row with two moments",
    )

    name = models.CharField(primary_key=True, max_length=16)
    at = models.DateTimeField()
    trusted_at = models.DateTimeField()


class Event(models.Model):
    """Something that happened, waiting to be told to other rooms. Holds ids, numbers and dates only."""

    held = Held(record="event", clock=Clock.AGE, dies=Dies.DELETE, since="done_at", keep="P7D")

    # Counted by the database, so that what happened first is told first.
    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    payload = models.JSONField()
    at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    heard_by = models.JSONField(default=list)
    last_error = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("next_try_at",), condition=models.Q(done_at__isnull=True), name="jobs_event_waiting"
            ),
        )
