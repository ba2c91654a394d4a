"""Places where groups meet, and which series meets where."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)


class Venue(models.Model):
    """A room of a group. Its number is all that is in the clear; the card is the team's, ``told`` is for members."""

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="a room of a group, nothing of a person")

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    number = models.PositiveSmallIntegerField()
    fit = models.BooleanField()  # neutral, cannot be overheard, two ways out: all three were seen
    written_on = models.DateField()
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    told = models.BinaryField()  # the machine opens it at a member's own door

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group_id", "number"], name="venues_one_number"),)


class Meets(models.Model):
    """A series of meetings is held at a place."""

    held = Held(
        record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="where a group meets, nothing of a person"
    )

    id = _id()
    series = models.OneToOneField("meetings.Series", on_delete=models.CASCADE, related_name="+")
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="meets")
    group_id = models.CharField(max_length=26, db_index=True)


class Plan(models.Model):
    """What to do in an emergency at one place, or in one country for those who join from there. Members read it too."""

    held = Held(
        record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="steps and numbers of services, of no person"
    )

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    venue = models.OneToOneField(Venue, on_delete=models.CASCADE, null=True, related_name="plan")
    country = models.CharField(max_length=2)  # ISO 3166; whose numbers these are
    verified_on = models.DateField()  # each number was rung or compared with its source
    recheck_on = models.DateField()
    secret_id = models.CharField(max_length=26)
    sealed = models.BinaryField()  # the machine opens it for members

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["group_id", "country"],
                condition=models.Q(venue__isnull=True),
                name="venues_one_plan_per_country",
            ),
        )


class RoomCheck(models.Model):
    """What the room of a meeting that is also online can pick up, as somebody of the team saw it. A few words, no person."""

    held = Held(record="checklist", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.CASCADE, related_name="+")
    group_id = models.CharField(max_length=26)
    states = models.JSONField()  # device -> none, off or on; see ``rules.DEVICES``
    silenced = models.BooleanField()  # nothing private pops up on the screen of the room
    by = models.CharField(max_length=26)
    at = models.DateTimeField()


class Rehearsal(models.Model):
    """Sound, picture and door of a meeting were tried with one person at home."""

    held = Held(record="checklist", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="+")
    group_id = models.CharField(max_length=26)
    by = models.CharField(max_length=26)
    at = models.DateTimeField()


class CameraAsk(models.Model):
    """Whether everybody agrees to a camera in the room. All answers are one sealed blob, gone when the meeting closes."""

    held = Held(record="attendance", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.CASCADE, related_name="+")
    group_id = models.CharField(max_length=26)
    sealed = models.BinaryField()
    secret_id = models.CharField(max_length=26)
    due_on = models.DateField(db_index=True)
