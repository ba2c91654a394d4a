"""The tables of the log. Database triggers refuse to change or delete entries and checkpoints (``triggers.py``)."""

from django.db import models

from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class Entry(models.Model):
    """One leaf of the tree, with its columns beside it so that it can be searched."""

    held = Held(
        record="ledger",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="opaque ids, verbs and moments only; what they named is shredded elsewhere",
    )

    # "integer", not "bigint": only this makes the number SQLite's own row id, which saves an index.
    seq = models.IntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    detail_hash = models.CharField(max_length=64, blank=True)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(seq__gte=0), name="ledger_entry_counts_from_zero"),
        )
        indexes = (models.Index(fields=("subject", "seq"), name="ledger_entry_about"),)


class Detail(models.Model):
    """The sealed detail of an entry. It may be deleted: the entry keeps a salted hash, and the log stays valid."""

    held = Held(record="ledger", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, db_column="seq")
    salt = models.BinaryField()
    sealed = models.BinaryField()


class Checkpoint(models.Model):
    """A signed statement of what the log was: its size, its root, and the tree's edge to go on from."""

    held = Held(
        record="ledger",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="hashes and signatures only",
    )

    size = models.IntegerField(primary_key=True)
    root = models.BinaryField()
    edge = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()
