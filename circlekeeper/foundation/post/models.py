"""The outbox."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class LetterState(models.TextChoices):
    """Where a letter is. Only a waiting or handed letter has a recipient."""

    WAITING = "waiting"
    HANDED = "handed"  # given to the mail server; whether it took it is not known yet
    SENT = "sent"
    UNSURE = "unsure"  # the mail server fell silent while it had the letter: never sent again
    DROPPED = "dropped"  # refused for good, useless by now, or called back


class Ended(models.TextChoices):
    """Why a letter was dropped; says nothing about the person."""

    CALLED_BACK = "called-back"  # what it was about is over
    WITHDRAWN = "withdrawn"  # the answer it rested on stands no longer
    NOT_ALLOWED = "not-allowed"  # the answer ran out, or its times did
    REFUSED = "refused"  # the mail server will not take it
    GAVE_UP = "gave-up"  # tried until it was useless
    TOO_LATE = "too-late"  # useless before it could be tried
    UNREADABLE = "unreadable"


class Letter(models.Model):
    """One message to one person. It says the same as every other; who it goes to is sealed for the worker."""

    held = Held(record="outbox", clock=Clock.AGE, dies=Dies.DELETE, since="due_at", keep="P14D")

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    template = models.CharField(max_length=20)
    lang = models.CharField(max_length=10)
    # The answer this letter rests on; an opaque id that is new with each answer.
    reach_id = models.CharField(max_length=26, db_index=True)
    sealed_recipient = models.BinaryField(null=True)
    # A hash: sends one letter for one occasion, however often it is asked for, and says nothing by itself.
    once = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - NULL means "no occasion"
    state = models.CharField(max_length=8, choices=LetterState.choices, default=LetterState.WAITING)
    ended = models.CharField(max_length=11, choices=Ended.choices, blank=True)
    due_at = models.DateTimeField()
    useless_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=LetterState.values), name="letter_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="dropped") & ~models.Q(ended="")
                | ~models.Q(state="dropped") & models.Q(ended=""),
                name="letter_dropped_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "handed"), sealed_recipient__isnull=False)
                | models.Q(state__in=("sent", "unsure", "dropped"), sealed_recipient__isnull=True),
                name="letter_recipient_dies_with_it",
            ),
        )
        indexes = (models.Index(fields=("state", "due_at"), name="letter_due"),)
