"""Questions to everybody who is inside."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class Kind(models.TextChoices):
    """What everybody is asked about."""

    RECORDING = "recording"
    SHARE = "share"


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)


class Ballot(models.Model):
    """One question to everybody inside one meeting. All answers are in one sealed blob, gone when the meeting closes."""

    held = Held(record="attendance", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    meeting_id = models.CharField(max_length=26, db_index=True)
    group_id = models.CharField(max_length=26)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    asked_at = models.DateTimeField()
    changes = models.PositiveIntegerField(default=0)  # so that pages know when to look again
    sealed = models.BinaryField()
    secret_id = models.CharField(max_length=26)
    due_on = models.DateField(db_index=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="ballot_kind_known"),)
