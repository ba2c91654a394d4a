"""Applications: ids, dates and outcomes. What people wrote is sealed in the roster."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class State(models.TextChoices):
    """Where an application is."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"


class Application(models.Model):
    """Someone asked to join."""

    held = Held(record="intake", clock=Clock.DUE_ON, dies=Dies.DELETE)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    member_id = models.CharField(max_length=26, unique=True)
    form_hash = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    path = models.CharField(max_length=20)
    applied_on = models.DateField()
    answer_by = models.DateField()
    code_hash = models.BinaryField(max_length=32, null=True)
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)
    call = models.CharField(max_length=5, blank=True)  # yes, no, later; no notes
    call_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    due_on = models.DateField(null=True, db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="application_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(decided_at__isnull=False), name="application_decided"
            ),
        )


class Vote(models.Model):
    """One person's word on an application: yes or no, and a reason from a list."""

    held = Held(record="intake", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="votes")
    person_id = models.CharField(max_length=26)
    yes = models.BooleanField()
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["application", "person_id"], name="one_vote_each"),)
