"""Members, their sealed compartments, looks at them, and lists that were brought along."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class State(models.TextChoices):
    """Where a member is in their time with the group."""

    APPLIED = "applied"
    INVITED = "invited"  # brought along in a list; has not said yes to anything
    MEMBER = "member"
    PAUSED = "paused"
    LEFT = "left"
    DECLINED = "declined"


class Name(models.TextChoices):
    """The compartments of a record."""

    ALIAS = "alias"
    CONTACT = "contact"
    EMERGENCY = "emergency"
    ACCESS = "access"
    INTAKE = "intake"


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)


class Member(models.Model):
    """One person in one group: ids and days only. Days, not moments: two groups' records cannot be matched by them."""

    held = Held(record="roster", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26)
    state = models.CharField(max_length=8, choices=State.choices)
    key_lookup = models.BinaryField(max_length=32, null=True, unique=True)
    letterbox = models.BinaryField(
        max_length=32, null=True
    )  # a public key; what is put in opens with the member key
    secret_id = models.CharField(max_length=26, db_index=True)
    applied_on = models.DateField()
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    last_attended_on = models.DateField(null=True)
    due_on = models.DateField(null=True, db_index=True)

    class Meta:
        indexes = (models.Index(fields=("group_id", "state"), name="roster_member_group"),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="roster_member_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=("member", "paused")) | Q(joined_on__isnull=False),
                name="roster_member_joined",
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(left_on__isnull=False), name="roster_member_left"
            ),
        )


class Compartment(models.Model):
    """One sealed part of a record. The alias has the member's secret; the others die alone, by their own."""

    held = Held(record="roster", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="compartments")
    group_id = models.CharField(max_length=26)
    name = models.CharField(max_length=9, choices=Name.choices)
    scope = models.CharField(max_length=10)
    secret_id = models.CharField(max_length=26, db_index=True)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    holder_wrap = models.BinaryField(default=bytes)
    updated_on = models.DateField()
    check_again_on = models.DateField(null=True)
    due_on = models.DateField(null=True, db_index=True)

    class Meta:
        indexes = (models.Index(fields=("group_id", "name"), name="roster_compartment_group"),)
        constraints = (
            models.UniqueConstraint(fields=("member", "name"), name="roster_one_of_each"),
            models.CheckConstraint(condition=Q(name__in=Name.values), name="roster_compartment_known"),
        )


class Reach(models.Model):
    """The answer a member's letters rest on. Its id is new with each answer, so that nothing queued under an old one leaves.

    ``sealed``: at lower levels, what the machine needs to remind whoever asked to be; sealed to its worker, one length for
    everybody, a no included. Empty where nothing may be kept ready.
    """

    held = Held(record="roster", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="reach")
    group_id = models.CharField(max_length=26, db_index=True)
    sealed = models.BinaryField(default=bytes)


class Supply(models.Model):
    """When letters were last made ready for a group that keeps nothing ready, and for how many people: days and counts."""

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="a day and a count of a group")

    group_id = models.CharField(primary_key=True, max_length=26)
    made_at = models.DateTimeField()
    people = models.PositiveIntegerField()


class _Named(models.Manager[Any]):
    """The compartments of one name; each class of record has its own time."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.compartment = name

    def get_queryset(self) -> "models.QuerySet[Any]":
        return super().get_queryset().filter(name=self.compartment)


class ContactRecord(Compartment):
    """Contacts. They go with their member; one that was taken back alone has a date of its own until it is gone."""

    held = Held(record="roster", clock=Clock.DUE_ON, dies=Dies.SHRED)
    objects: ClassVar[_Named] = _Named(Name.CONTACT)

    class Meta:
        proxy = True


class EmergencyRecord(Compartment):
    """Emergency compartments, for the clock of their class."""

    held = Held(record="emergency", clock=Clock.DUE_ON, dies=Dies.SHRED)
    objects: ClassVar[_Named] = _Named(Name.EMERGENCY)

    class Meta:
        proxy = True


class AccessRecord(Compartment):
    """What helps someone take part, for the clock of its class."""

    held = Held(record="access-needs", clock=Clock.DUE_ON, dies=Dies.SHRED)
    objects: ClassVar[_Named] = _Named(Name.ACCESS)

    class Meta:
        proxy = True


class IntakeRecord(Compartment):
    """Answers from joining, for the clock of their class: gone soon after the decision (REG7)."""

    held = Held(record="intake", clock=Clock.DUE_ON, dies=Dies.SHRED)
    objects: ClassVar[_Named] = _Named(Name.INTAKE)

    class Meta:
        proxy = True


class OpeningReason(models.TextChoices):
    """Why a record is opened; the sentence beside it is sealed."""

    DANGER = "danger"
    MISSING = "missing"
    ASKED = "asked"
    CHANGE = "change"
    ANSWER = "answer"


class Opening(models.Model):
    """One look at one compartment of one member. The reason is sealed for the group and, once told, for the member.

    ``silent_until`` counts only when ``silence_agreed_by`` names a second person.
    """

    held = Held(record="roster", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="openings")
    group_id = models.CharField(max_length=26, db_index=True)
    name = models.CharField(max_length=9, choices=Name.choices)
    by = models.CharField(max_length=26)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reason_blob = models.BinaryField()
    reason_wrap = models.BinaryField()
    told_blob = models.BinaryField(default=bytes)
    told_wrap = models.BinaryField(default=bytes)
    seen_on = models.DateField(null=True)
    silent_until = models.DateField(null=True)
    silence_asked_by = models.CharField(max_length=26, blank=True)
    silence_agreed_by = models.CharField(max_length=26, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(silence_asked_by="", silent_until__isnull=True)
                | (~Q(silence_asked_by="") & Q(silent_until__isnull=False)),
                name="roster_silence_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(silence_agreed_by="") | ~Q(silence_agreed_by=models.F("silence_asked_by")),
                name="roster_silence_needs_two",
            ),
        )


class Parcel(models.Model):
    """What a member takes to another group, sealed under a code that only they hold; gone at its first use or in a week.

    Nothing here says whose it is, which group it left or where it is going: two groups' records cannot be matched by it.
    """

    held = Held(record="parcel", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(
        max_length=26, default="", editable=False
    )  # always empty; the daily run asks every table
    lookup = models.BinaryField(max_length=32, unique=True)
    secret_id = models.CharField(max_length=26, db_index=True)
    sealed = models.BinaryField()
    due_on = models.DateField(db_index=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(group_id=""), name="roster_parcel_of_no_group"),)


class ListDraft(models.Model):
    """A list between upload and confirmation, sealed under a key that only its uploader's open keys give."""

    held = Held(record="drafts", clock=Clock.AGE, dies=Dies.DELETE, since="made_at", keep="PT12H")

    id = _id()
    group_id = models.CharField(max_length=26)
    person_id = models.CharField(max_length=26)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()


class BroughtList(models.Model):
    """That a list was brought along, and whether its file was destroyed: numbers and days."""

    held = Held(
        record="trail",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="counts, days and opaque ids of staff; nobody of the list",
    )

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    layout = models.CharField(max_length=20)
    people = models.PositiveIntegerField()
    by = models.CharField(max_length=26)
    at = models.DateTimeField()
    file_gone_by = models.CharField(max_length=26, blank=True)
    file_gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(file_gone_by="", file_gone_at__isnull=True)
                | (~Q(file_gone_by="") & Q(file_gone_at__isnull=False)),
                name="roster_file_gone_pair",
            ),
        )


class ExportPurpose(models.TextChoices):
    """What a list is taken out for."""

    MOVE = "move", "the group moves to another service"
    OUTAGE = "outage", "to reach people when this service is down"
    EVENT = "event", "a meeting that needs a list at the door"
    DUTY = "duty", "a duty an adviser confirmed"


class ExportColumn(models.TextChoices):
    """What a list may hold; no more than these can be taken out."""

    ALIAS = "alias"
    CHANNEL = "channel"
    ADDRESS = "address"
    STATE = "state"
    JOINED = "joined"


class ExportReason(models.TextChoices):
    """Why a column is needed."""

    APART = "apart", "to tell people apart"
    REACH = "reach", "to reach people"
    ENTRY = "entry", "to know who may come in"
    ORDERED = "ordered", "the duty names it"


class Export(models.Model):
    """A list that somebody asked to take out. The file itself is made while it is downloaded, once, and never kept."""

    held = Held(record="trail", clock=Clock.AGE, since="asked_at", keep="P730D", dies=Dies.DELETE)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    purpose = models.CharField(max_length=8, choices=ExportPurpose.choices)
    columns = models.JSONField()  # column -> reason
    recipient = models.CharField(max_length=80)  # an age public key; nobody's name
    asked_by = models.CharField(max_length=26)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=26, blank=True)
    agreed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(null=True)
    gone_by = models.CharField(max_length=26, blank=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(agreed_by="", agreed_at__isnull=True)
                | (~Q(agreed_by="") & Q(agreed_at__isnull=False)),
                name="roster_export_agreed_pair",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by="") | ~Q(agreed_by=models.F("asked_by")), name="roster_export_needs_two"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(agreed_at__isnull=False, people__isnull=False),
                name="roster_export_agreed_before_taken",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("asked_at")), name="roster_export_ends"),
        )
