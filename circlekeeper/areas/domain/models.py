"""A group's domain, and how each part of it stood when it was last looked at. Public records; nothing of any person."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held

_PUBLIC = "the public name of a group's own domain and what anybody can look up about it"


class Domain(models.Model):
    """The domain a group told us, with what only its owner can say."""

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why=_PUBLIC)

    group_id = models.CharField(primary_key=True, max_length=26)
    name = models.CharField(max_length=253)
    selector = models.CharField(max_length=63, blank=True)
    paid_until = models.DateField(null=True)
    locked = models.BooleanField(default=False)
    told_by = models.CharField(max_length=26)
    told_on = models.DateField()


class Look(models.Model):
    """How one part stood at the last look. ``fell_at``: it was good before, and nobody has said that they saw it."""

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why=_PUBLIC)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26)
    part = models.CharField(max_length=10)
    state = models.CharField(max_length=8)
    why = models.CharField(max_length=12)
    until = models.DateField(null=True)
    looked_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)  # when it was last anything but unknown
    known_state = models.CharField(max_length=8, blank=True)
    fell_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group_id", "part"], name="domain_one_look_each"),)
