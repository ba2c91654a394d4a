"""What the shred store holds: one secret per record or day, and what must never come back."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class Secret(models.Model):
    """The half of a key without which a record is noise. Sealed under the store key, destroyed to forget."""

    held = Held(record="keys", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    record = models.CharField(max_length=30)
    day = models.DateField(null=True)
    held_until = models.DateField(null=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["group_id", "record", "day"],
                condition=models.Q(day__isnull=False),
                name="one_bucket_a_day",
            ),
        )


class Tombstone(models.Model):
    """Something that must stay gone: replayed after a restore before the service opens again."""

    held = Held(
        record="trail",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="opaque ids of what was destroyed, revoked or withdrawn",
    )

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["kind", "ref"], name="tombstone_kind_ref"),)
