"""Decisions about a group: opaque ids, codes and dates; nothing of members, no free text."""

from django.db import models

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held

_TRAIL = "opaque ids, codes and dates; the trail of decisions outlives the group (RET5)"


class LevelReason(models.TextChoices):
    """Why a level was chosen."""

    SET_UP = "set-up", "first choice at set-up"
    MEMBERS = "members", "other people take part now"
    PURPOSE = "purpose", "the group is about something else now"
    WAY = "way", "we meet in another way now"
    ADVISER = "adviser", "our adviser said so"
    CAUTION = "caution", "to be safer"


class WaiverReason(models.TextChoices):
    """Why a control is set aside for a time."""

    BEING_FIXED = "being-fixed", "it is being put right"
    SERVICE_DOWN = "service-down", "the service we need for it is down"
    PERSON_AWAY = "person-away", "the person who does it is away"
    HARMS_MEMBERS = "harms-members", "keeping to it would harm a member"
    ADVISER = "adviser", "our adviser said so"


class LevelDecision(models.Model):
    """One choice of level and overlays. In force once ``in_force_at`` is set.

    While ``settled_at`` is empty, promises of the decision before it are kept as well (LVL0).
    """

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    level = models.CharField(max_length=12)
    overlays = models.JSONField(default=list)
    answers = models.JSONField(default=dict)  # question of the interview -> yes, no or dont-know
    playbook_version = models.CharField(max_length=40)
    reason = models.CharField(max_length=12, choices=LevelReason.choices)
    decided_by = models.CharField(max_length=26)
    decided_at = models.DateTimeField()
    lowers = models.BooleanField(default=False)
    second_by = models.CharField(max_length=26, blank=True)
    second_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True, db_index=True)
    dropped_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(second_by="", second_at__isnull=True)
                | (~models.Q(second_by="") & models.Q(second_at__isnull=False)),
                name="level_second_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(second_by="") | ~models.Q(second_by=models.F("decided_by")),
                name="level_second_is_another",
            ),
            models.CheckConstraint(
                condition=models.Q(lowers=False) | models.Q(in_force_at__isnull=True) | ~models.Q(second_by=""),
                name="level_lowering_needs_second",
            ),
        )


class Attestation(models.Model):
    """A named person's dated word for one check, with an end."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26)
    control = models.CharField(max_length=40)
    check_id = models.CharField(max_length=40)
    proof = models.CharField(max_length=10)
    attested_by = models.CharField(max_length=26)
    attested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=26, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["group_id", "control", "attested_at"], name="attestation_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(withdrawn_by="", withdrawn_at__isnull=True)
                | (~models.Q(withdrawn_by="") & models.Q(withdrawn_at__isnull=False)),
                name="attestation_withdrawn_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("attested_at")), name="attestation_ends_later"
            ),
        )


class AdviserStamp(models.Model):
    """What an adviser said about one version of a group's profile. Their name and sentence are sealed (vault.records)."""

    held = Held(record="adviser-stamp", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    profile_version = models.PositiveIntegerField()
    given_on = models.DateField()
    stamped_by = models.CharField(max_length=26)
    stamped_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)  # the profile changed
    due_on = models.DateField(db_index=True)
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()


class Waiver(models.Model):
    """One control set aside until a date, by two people. Counts only once ``approved_at`` is set."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    control = models.CharField(max_length=40)
    reason = models.CharField(max_length=14, choices=WaiverReason.choices)
    asked_by = models.CharField(max_length=26)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    approved_by = models.CharField(max_length=26, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=26, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approved_by="", approved_at__isnull=True)
                | (~models.Q(approved_by="") & models.Q(approved_at__isnull=False)),
                name="waiver_approved_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by="", ended_at__isnull=True)
                | (~models.Q(ended_by="") & models.Q(ended_at__isnull=False)),
                name="waiver_ended_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by="") | ~models.Q(approved_by=models.F("asked_by")),
                name="waiver_second_is_another",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("asked_at")), name="waiver_ends_later"
            ),
        )


class Period(models.Model):
    """How long a group keeps one class of record, where it chose or had to choose. The newest row counts."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    record = models.CharField(max_length=40)
    keep = models.CharField(max_length=20)
    answered_by = models.CharField(max_length=10)  # group, adviser or project
    set_by = models.CharField(max_length=26)
    set_at = models.DateTimeField()


class Statement(models.Model):
    """What was said to a board on one day, word for word: titles and counts. ``said``: standing, then what was counted."""

    held = Held(
        record="trail", clock=Clock.NONE, dies=Dies.NEVER, why="counts and fixed words; nothing of a person"
    )

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    level = models.CharField(max_length=20)
    said = models.JSONField()
    missing = models.JSONField()
    made_at = models.DateTimeField()


class Draft(models.Model):
    """A group being set up: answers of the seven steps, by the person who began, until sent or forgotten."""

    held = Held(record="drafts", clock=Clock.AGE, since="changed_at", keep="P7D", dies=Dies.DELETE)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    person_id = models.CharField(max_length=26, db_index=True)
    answers = models.JSONField(default=dict)
    step = models.PositiveSmallIntegerField(default=1)
    changed_at = models.DateTimeField(db_index=True)
