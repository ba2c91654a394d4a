"""Runs, certificates, holds, and what is still to be swept."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held

_OPAQUE = "counts, dates and opaque ids only; it is the proof that something is gone"


class Run(models.Model):
    """One walk through everything that may be due."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_OPAQUE)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    as_of = models.DateTimeField()
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    due = models.PositiveIntegerField(default=0)
    destroyed = models.PositiveIntegerField(default=0)
    kept_on_hold = models.PositiveIntegerField(default=0)


class Certificate(models.Model):
    """Stage one of a certificate of destruction: the live keys are gone (DAT6)."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_OPAQUE)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="certificates")
    group_id = models.CharField(max_length=26, db_index=True)
    record = models.CharField(max_length=30)
    method = models.CharField(max_length=12)
    count = models.PositiveIntegerField()
    keys_destroyed = models.PositiveIntegerField()
    keys_digest = models.CharField(max_length=64)
    destroyed_at = models.DateTimeField()
    copies_gone_on = models.DateField()
    verified_at = models.DateTimeField(null=True)


class Residue(models.Model):
    """Rows that nothing opens any more and that were certified; they are swept next. Gone when they are."""

    held = Held(
        record="trail", clock=Clock.NONE, dies=Dies.NEVER, why="opaque ids of rows on their way out, for minutes"
    )

    id = models.BigAutoField(primary_key=True)
    model = models.CharField(max_length=60)
    secret_id = models.CharField(max_length=26)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["model", "secret_id"], name="swept_once"),)


class Hold(models.Model):
    """A named item that may not be destroyed yet, and who says so until when."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_OPAQUE)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    model = models.CharField(max_length=60)
    row_id = models.CharField(max_length=26)
    reason = models.CharField(max_length=30)
    reviewer = models.CharField(max_length=26)
    until = models.DateField()
    placed_by = models.CharField(max_length=26)
    placed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["model", "row_id"], condition=models.Q(released_at__isnull=True), name="one_hold_per_item"
            ),
        )
