"""How keys and powers pass on: opaque ids of staff, codes and moments; nothing of members."""

from django.db import models
from django.db.models import Q

from circlekeeper.foundation.ids import ID_LENGTH, new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held

_TRAIL = "opaque ids of staff, codes and moments; the trail of who held keys outlives the group (RET5)"


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)


def _person(**more: object) -> "models.CharField[str, str]":
    return models.CharField(max_length=ID_LENGTH, **more)  # type: ignore[arg-type]


class KeyChange(models.Model):
    """One replacement of a group's keys, and how far the walk through its wraps has come (``vault.rewrapping``)."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = _id()
    group_id = models.CharField(max_length=ID_LENGTH)
    version = models.PositiveIntegerField()
    by = _person()
    began_at = models.DateTimeField()
    column = models.CharField(max_length=80, blank=True)
    after = models.CharField(max_length=ID_LENGTH, blank=True)
    total = models.PositiveIntegerField()
    seen = models.PositiveIntegerField(default=0)
    stuck = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("group_id", "version"), name="leaders_one_change_per_version"),
            models.UniqueConstraint(
                fields=("group_id",), condition=Q(finished_at__isnull=True), name="leaders_one_change_at_a_time"
            ),
        )


class RemovalReason(models.TextChoices):
    """Why somebody's powers were ended without them."""

    TRUST = "trust", "We no longer trust this person with the group"
    TAKEN = "taken", "Somebody else uses their account"
    GONE = "gone", "They are gone and do not answer"
    OTHER = "other", "Another reason, known to the team"


class Removal(models.Model):
    """That somebody's powers in a group were ended by somebody else, and why."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = _id()
    group_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    person_id = _person()
    by = _person()
    reason = models.CharField(max_length=5, choices=RemovalReason.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(reason__in=RemovalReason.values), name="leaders_reason_known"),
            models.CheckConstraint(condition=~Q(by=models.F("person_id")), name="leaders_removed_by_another"),
        )


class Taking(models.Model):
    """That somebody else used the account of a person of this group's team, until they took it back."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = _id()
    group_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    person_id = _person()
    at = models.DateTimeField()


class Handover(models.Model):
    """One leader hands a group to another, step by step; it may be left and gone on with at any step.

    ``gone``: the leader does not answer, so a third person (``second_by``) confirms in their place. The test record is
    sealed like a member's; whoever opens it has shown that their keys work.
    """

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = _id()
    group_id = models.CharField(max_length=ID_LENGTH)
    leaver_id = _person()
    successor_id = _person()
    gone = models.BooleanField(default=False)
    began_by = _person()
    began_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)
    second_by = _person(blank=True)
    finished_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    test_blob = models.BinaryField(default=bytes)
    test_wrap = models.BinaryField(default=bytes)
    secret_id = models.CharField(max_length=ID_LENGTH, blank=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("group_id",),
                condition=Q(finished_at__isnull=True, stopped_at__isnull=True),
                name="leaders_one_handover_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(leaver_id=models.F("successor_id")), name="leaders_handed_to_another"
            ),
            models.CheckConstraint(
                condition=Q(second_by="")
                | (
                    ~Q(second_by=models.F("leaver_id"))
                    & ~Q(second_by=models.F("successor_id"))
                    & ~Q(second_by=models.F("began_by"))
                ),
                name="leaders_confirmed_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | (Q(accepted_at__isnull=False) & Q(proved_at__isnull=False) & (Q(gone=False) | ~Q(second_by=""))),
                name="leaders_finished_after_every_step",
            ),
        )


class OfflineKit(models.Model):
    """A group's secret on three papers, two of which open it (``vault.offlinekit``); good for one version of the keys."""

    held = Held(
        record="keys", clock=Clock.NONE, dies=Dies.NEVER, why="sealed under words that only stand on paper"
    )

    id = _id()
    group_id = models.CharField(max_length=ID_LENGTH)
    version = models.PositiveIntegerField()
    pairs = models.JSONField()
    made_by = _person()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("group_id",), name="leaders_one_offline_kit"),)


class RecoveryKind(models.TextChoices):
    """How somebody comes back."""

    CO_LEADER = "co-leader", "a co-leader lets them in"
    PAPERS = "papers", "two of the group's three papers"
    KIT = "kit", "their own paper kit, without a second factor"


class Recovery(models.Model):
    """Somebody is on their way back in: the others have a day to stop it, unless one more of them agrees sooner."""

    held = Held(record="trail", clock=Clock.NONE, dies=Dies.NEVER, why=_TRAIL)

    id = _id()
    kind = models.CharField(max_length=9, choices=RecoveryKind.choices)
    person_id = _person()
    group_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    began_by = _person()
    began_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    code_hash = models.BinaryField(max_length=32, null=True)
    agreed_by = _person(blank=True)
    stopped_by = _person(blank=True)
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=RecoveryKind.values), name="leaders_recovery_known"),
            models.UniqueConstraint(
                fields=("person_id",), condition=Q(over_at__isnull=True), name="leaders_one_way_back_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by="")
                | (~Q(agreed_by=models.F("began_by")) & ~Q(agreed_by=models.F("person_id"))),
                name="leaders_agreed_by_another",
            ),
        )
