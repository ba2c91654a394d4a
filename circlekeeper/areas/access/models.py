"""What helps people take part, sealed; and rules that hurt them."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)


class Thread(models.Model):
    """One member's private talk with the access lead. It holds the key of its lines, sealed for both of them."""

    held = Held(record="access-needs", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    member_id = models.CharField(max_length=26, unique=True)
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    holder_wrap = models.BinaryField()
    waits = models.BooleanField(default=True)
    last_on = models.DateField()
    due_on = models.DateField(db_index=True)


class Line(models.Model):
    """One message of a thread, under the thread's key."""

    held = Held(record="access-needs", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    from_member = models.BooleanField()
    blob = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["thread", "number"], name="access_line_number"),)


class HelperKind(models.TextChoices):
    """What a helper does."""

    INTERPRETER = "interpreter"
    CAPTIONER = "captioner"


class Helper(models.Model):
    """Somebody who interprets or writes captions. Who they are is sealed for the access lead; they never see the roster."""

    held = Held(record="helpers", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    kind = models.CharField(max_length=11, choices=HelperKind.choices)
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    promised_on = models.DateField(null=True)
    due_on = models.DateField(db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=HelperKind.values), name="access_helper_kind"),
        )


class Coming(models.Model):
    """A helper comes to a meeting. Nothing says for whom."""

    held = Held(record="helpers", clock=Clock.AGE, dies=Dies.DELETE, since="starts_at", keep="P1D")

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    helper = models.ForeignKey(Helper, on_delete=models.CASCADE, related_name="coming")
    meeting_id = models.CharField(max_length=26, db_index=True)
    starts_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["helper", "meeting_id"], name="access_helper_once_a_meeting"),
        )


class Verdict(models.TextChoices):
    """What became of a rule that hurts someone."""

    OPEN = "open"
    CHANGED = "changed"
    KEPT = "kept"


class RuleReview(models.Model):
    """Somebody said that a rule hurts them; nothing says who. ``note`` is ours, public in the group, and credits nobody."""

    held = Held(record="concerns", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    kind = models.CharField(max_length=8)
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    answer_by = models.DateField()
    verdict = models.CharField(max_length=7, choices=Verdict.choices, default=Verdict.OPEN)
    note = models.CharField(max_length=300, blank=True)
    decided_on = models.DateField(null=True)
    due_on = models.DateField(db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(verdict="open", decided_on__isnull=True)
                | (~models.Q(verdict="open") & models.Q(decided_on__isnull=False) & ~models.Q(note="")),
                name="access_review_decided_with_note",
            ),
        )


class Card(models.Model):
    """How a member likes to be treated, if they said so. Hosts learn sums of it, never one card."""

    held = Held(record="preferences", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    member_id = models.CharField(max_length=26, unique=True)
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    holder_wrap = models.BinaryField()
    due_on = models.DateField(db_index=True)
