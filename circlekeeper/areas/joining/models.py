"""Applications: ids, dates and outcomes. What people wrote is sealed in the roster."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)


class State(models.TextChoices):
    """Where an application is."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"


class Application(models.Model):
    """Someone asked to join."""

    held = Held(record="intake", clock=Clock.DUE_ON, dies=Dies.DELETE)

    id = _id()
    group_id = models.CharField(max_length=26)
    member_id = models.CharField(max_length=26, unique=True)
    form_hash = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    referred = models.BooleanField(default=False)
    applied_on = models.DateField()
    answer_by = models.DateField()
    code_hash = models.BinaryField(max_length=32, null=True)
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)
    call = models.CharField(max_length=5, blank=True)  # yes, no, later; no notes
    call_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)
    due_on = models.DateField(null=True, db_index=True)

    class Meta:
        # How many wait is asked at every sign-up; the index alone answers it.
        indexes = (models.Index(fields=["group_id", "state"], name="joining_who_waits"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="application_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_on__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_on__isnull=False)),
                name="application_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(call="") | models.Q(call_at__isnull=False), name="application_call_has_moment"
            ),
        )


class Vote(models.Model):
    """One person's word on an application: yes or no, and a reason from a list."""

    held = Held(record="intake", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="votes")
    person_id = models.CharField(max_length=26)
    yes = models.BooleanField()
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["application", "person_id"], name="one_vote_each"),)


class Referrer(models.Model):
    """An organisation or a person we trust to send people. Who they are is sealed, and goes with its time."""

    held = Held(record="referrers", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    listed_by = models.CharField(max_length=26)
    listed_at = models.DateTimeField()
    due_on = models.DateField(db_index=True)


class Referral(models.Model):
    """A code for somebody we trust to hand on. Good once: the row goes with its use, so nothing says who came with it."""

    held = Held(record="referral", clock=Clock.AGE, dies=Dies.DELETE, since="made_at", keep="P30D")

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    referrer = models.ForeignKey(Referrer, on_delete=models.CASCADE, related_name="referrals")
    code_hash = models.BinaryField(max_length=32, unique=True)
    made_by = models.CharField(max_length=26)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class CallSlot(models.Model):
    """A time the team offers for a short call; at most one applicant chose it. Gone with the decision."""

    held = Held(record="intake", clock=Clock.AGE, dies=Dies.DELETE, since="starts_at", keep="P7D")

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    starts_at = models.DateTimeField()
    offered_by = models.CharField(max_length=26)
    application = models.OneToOneField(Application, null=True, on_delete=models.CASCADE, related_name="slot")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group_id", "starts_at", "offered_by"], name="one_offer_each_time"),
        )


class WorkingNote(models.Model):
    """What those who decide write to each other while they do; its secret goes with the decision (REG7)."""

    held = Held(record="intake", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="+")
    group_id = models.CharField(max_length=26, db_index=True)
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    due_on = models.DateField(db_index=True)


class Vetting(models.Model):
    """How a group gets to know people before they join, decided with a reason and a day to look again (REG6)."""

    held = Held(
        record="decision", clock=Clock.NONE, dies=Dies.NEVER, why="a decision about a group, nothing of a person"
    )

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    path = models.CharField(max_length=20)
    reason = models.CharField(max_length=20)
    decided_by = models.CharField(max_length=26)
    decided_at = models.DateTimeField()
    review_on = models.DateField()


class ExtraField(models.Model):
    """A question about health or the law that a group decided to ask: what for, on what ground, and who agreed (REG4).

    Off until a privacy lead approved it. ``read_on``: when somebody last read what people answer (REG5).
    """

    held = Held(
        record="decision", clock=Clock.NONE, dies=Dies.NEVER, why="a decision about a group, nothing of a person"
    )

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    name = models.CharField(max_length=10)
    purpose = models.CharField(max_length=300)
    basis = models.CharField(max_length=20)
    asked_by = models.CharField(max_length=26)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=26, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    read_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["group_id", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="joining_extra_field_once",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by="", approved_at__isnull=True)
                | (~models.Q(approved_by="") & models.Q(approved_at__isnull=False)),
                name="joining_extra_field_approved",
            ),
        )
