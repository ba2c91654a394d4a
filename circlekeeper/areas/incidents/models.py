"""What happened: a kind, a moment, and words sealed for those who answer for the group."""

from django.db import models

from circlekeeper.areas.incidents.rules import Kind
from circlekeeper.foundation.ids import ID_LENGTH, new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class Happening(models.Model):
    """The first note of something that happened. ``by`` is a person of the team, or ``system``; never a member."""

    held = Held(record="incidents", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    group_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    meeting_id = models.CharField(max_length=ID_LENGTH, blank=True, db_index=True)
    kind = models.CharField(max_length=9, choices=[(kind.value, kind.value) for kind in Kind])
    by = models.CharField(max_length=ID_LENGTH)
    at = models.DateTimeField()
    secret_id = models.CharField(max_length=ID_LENGTH)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    settled_at = models.DateTimeField(null=True)
    due_on = models.DateField(db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in Kind]), name="incidents_kind_known"
            ),
        )
