"""Questions to everybody who is inside, and small rooms beside a meeting."""

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


class Room(models.Model):
    """A small room beside a meeting: who of the team stays in it, or nobody if it is visited by the clock."""

    held = Held(record="staffing", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="+")
    group_id = models.CharField(max_length=26)
    number = models.PositiveSmallIntegerField()
    stays = models.CharField(max_length=26, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "number"], condition=models.Q(closed_at__isnull=True), name="one_open_room"
            ),
        )


class Visit(models.Model):
    """That somebody of the team looked into a small room."""

    held = Held(record="staffing", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="visits")
    person_id = models.CharField(max_length=26)
    at = models.DateTimeField()
