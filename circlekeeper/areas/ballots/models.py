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


class Keepsake(models.Model):
    """A recording everybody allowed, or a summary the group agreed on, under a key of its own that named people hold."""

    held = Held(record="recording", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    meeting_id = models.CharField(max_length=26)
    kind = models.CharField(max_length=7)  # "sound" or "summary"
    media = models.CharField(max_length=12)
    size = models.PositiveIntegerField()
    members_wrap = models.BinaryField(null=True)  # a summary's key, so that members can read it on their own page
    kept_at = models.DateTimeField()
    secret_id = models.CharField(max_length=26)
    due_on = models.DateField(db_index=True)


class Piece(models.Model):
    """256 KiB of a keepsake."""

    held = Held(record="recording", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    keepsake = models.ForeignKey(Keepsake, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["keepsake", "number"], name="one_piece_each"),)


class Viewer(models.Model):
    """Somebody of the team who was named to hear or read a keepsake, with its key sealed to them."""

    held = Held(record="recording", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    keepsake = models.ForeignKey(Keepsake, on_delete=models.CASCADE, related_name="viewers")
    person_id = models.CharField(max_length=26, db_index=True)
    wrap = models.BinaryField()
