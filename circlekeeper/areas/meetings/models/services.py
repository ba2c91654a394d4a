"""Which way to meet was chosen, where else, and what is kept of the services a group meets through."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)


class Choice(models.Model):
    """Which way to meet a group chose, by whom, and the warnings they read (TEC1). What was weighed is sealed for staff."""

    held = Held(record="choices", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    way = models.CharField(max_length=10)
    provider = models.CharField(max_length=30, blank=True)
    read = models.JSONField()  # codes of warnings
    by = models.CharField(max_length=26)
    at = models.DateTimeField()
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    due_on = models.DateField(db_index=True)


class SecondPlace(models.Model):
    """Where a series meets if its service is gone (FMT14). It counts once somebody has tried it."""

    held = Held(
        record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="where a group meets; its address is shredded"
    )

    id = _id()
    series = models.OneToOneField("meetings.Series", on_delete=models.CASCADE, related_name="second")
    group_id = models.CharField(max_length=26)
    provider = models.CharField(max_length=30)
    sealed_address = models.BinaryField(null=True)
    address_secret_id = models.CharField(max_length=26, blank=True)
    tried_at = models.DateTimeField(null=True)
    tried_by = models.CharField(max_length=26, blank=True)


class Connection(models.Model):
    """A service a group has connected: what was entered for it, sealed under a secret of the shred store.

    The server has to open it to look at a meeting while nobody is signed in.
    """

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="keys to a service, nobody's data")

    id = _id()
    group_id = models.CharField(max_length=26)
    provider = models.CharField(max_length=30)
    sealed = models.BinaryField()
    secret_id = models.CharField(max_length=26)
    connected_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group_id", "provider"], name="one_connection_per_service"),
        )


class Setup(models.Model):
    """How one meeting is set up at its service. ``room``: the random name the service knows it by."""

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="names of rooms, nothing of a person")

    id = _id()
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="setups")
    provider = models.CharField(max_length=30)
    room = models.CharField(max_length=26, unique=True, default=new_id)
    sealed = models.BinaryField(null=True)  # what the service's connector wants to remember
    secret_id = models.CharField(max_length=26, blank=True)
    set_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)  # why the last try failed; empty: it did not
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["meeting", "provider"], name="one_setup_per_service"),)


class Seen(models.Model):
    """One setting of a service, as it was found when it was last looked at."""

    held = Held(record="checklist", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="seen")
    number = models.PositiveSmallIntegerField()
    control = models.CharField(max_length=60)
    setting = models.CharField(max_length=80)
    evidence = models.CharField(max_length=20)
    expected = models.CharField(max_length=200)
    found = models.CharField(max_length=200)
    scope = models.CharField(max_length=8)
    holds = models.BooleanField()
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["meeting", "number"], name="one_row_per_setting"),)


class Told(models.Model):
    """What a named person saw of one setting that no service shows. ``meeting`` None: it holds for the whole account."""

    held = Held(record="checklist", clock=Clock.AGE, dies=Dies.DELETE, since="until", keep="P30D")

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    provider = models.CharField(max_length=30)
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, null=True, related_name="told")
    control = models.CharField(max_length=60)
    setting = models.CharField(max_length=80)
    holds = models.BooleanField()
    by = models.CharField(max_length=26)
    at = models.DateTimeField()
    until = models.DateTimeField()
