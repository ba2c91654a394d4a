"""The group."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class Level(models.TextChoices):
    """The five risk levels of the guide's comparison table."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    PROFESSIONAL = "professional"
    EXPERIMENTAL = "experimental"


class State(models.TextChoices):
    """Where a group is in its life."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Group(models.Model):
    """One support group. Everything in this table is public or opaque; members are elsewhere, sealed."""

    held = Held(
        record="group",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="public name, level and dates only; certificates and the log refer to it",
    )

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    public_name = models.CharField(max_length=80)
    about = models.TextField(max_length=600, blank=True)
    purpose = models.CharField(max_length=40)
    level = models.CharField(max_length=12, choices=Level.choices)
    overlays = models.JSONField(default=list)
    playbook_version = models.CharField(max_length=40)
    time_zone = models.CharField(max_length=64)
    region = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    listed = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="group_level_known"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="group_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(opened_at__isnull=False), name="group_open_has_date"
            ),
        )
