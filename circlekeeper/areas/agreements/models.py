"""Published documents, consents and pledges. All three only grow (``triggers.py``)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from circlekeeper.areas.agreements import rules
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class Kind(models.TextChoices):
    """What a document is. A consent text speaks of one purpose, a pledge of one strength; the rest of the whole group."""

    POLICY = "policy"
    NORMS = "norms"
    STATEMENT = "statement"
    PLEDGE = "pledge"
    CONSENT = "consent-text"


class Act(models.TextChoices):
    """What a member did about one purpose."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)


class Document(models.Model):
    """One version of one text. Only ``superseded_at`` is ever written later, once."""

    held = Held(
        record="agreements",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="words a group published about itself; consents, pledges and receipts refer to their hash",
    )

    id = _id()
    group_id = models.CharField(max_length=26)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    part = models.CharField(max_length=40, blank=True)  # the purpose of a consent text, the strength of a pledge
    locale = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    basis = models.CharField(max_length=64, blank=True)  # policy: hash of the configuration it was made from
    material = models.BooleanField()
    change_note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=26)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("group_id", "kind", "part", "locale", "version"), name="agreements_one_of_each_version"
            ),
            models.UniqueConstraint(
                fields=("group_id", "kind", "part", "locale"),
                condition=Q(superseded_at__isnull=True),
                name="agreements_one_in_force",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="agreements_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="policy") | ~Q(basis=""), name="agreements_policy_has_a_basis"
            ),
        )


class Consent(models.Model):
    """One event: a member gave or withdrew one consent. ``number`` counts the events of a member and purpose from 1.

    The member is an opaque id. ``policy`` is the policy that member could read at that moment.
    """

    held = Held(record="consent", clock=Clock.DUE_ON, dies=Dies.DELETE)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    member_id = models.CharField(max_length=26)
    purpose = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=9, choices=Act.choices)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=8, choices=[(name, name) for name in rules.METHODS])
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    due_on = models.DateField(null=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("member_id", "purpose", "number"), name="agreements_consent_in_order"),
            models.CheckConstraint(condition=Q(act__in=Act.values), name="agreements_act_known"),
            models.CheckConstraint(condition=Q(method__in=rules.METHODS), name="agreements_consent_by_a_deed"),
            models.CheckConstraint(
                condition=Q(purpose__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="agreements_one_purpose_at_a_time"
            ),
        )


class Pledge(models.Model):
    """A member's promise. A typed or signed name is sealed like the member's own record; no machine's address is kept."""

    held = Held(record="pledge", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    member_id = models.CharField(max_length=26, db_index=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    strength = models.CharField(max_length=6)
    blob = models.BinaryField(default=bytes)  # the name, sealed (vault.records); empty where a tick was enough
    wrap = models.BinaryField(default=bytes)
    holder_wrap = models.BinaryField(default=bytes)
    secret_id = models.CharField(max_length=26, blank=True)
    # Made with the code printed in the signed copy (``copies.py``); the code itself is in ``blob``.
    code_mark = models.BinaryField(max_length=32, null=True, unique=True)
    reminded_on = models.DateField(null=True)
    signed_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(
        null=True
    )  # taken back by the member; the promise itself stays as it was made
    due_on = models.DateField(null=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("member_id", "document", "signed_at"), name="agreements_pledge_once"),
            models.CheckConstraint(condition=Q(strength__in=rules.STRENGTHS), name="agreements_strength_known"),
            models.CheckConstraint(
                condition=Q(strength="tick", secret_id="") | (~Q(strength="tick") & ~Q(secret_id="")),
                name="agreements_name_where_signed",
            ),
            models.CheckConstraint(
                condition=Q(code_mark__isnull=True) | Q(strength="signed"),
                name="agreements_copy_where_signed",
            ),
        )


class CopyPrint(models.Model):
    """One printing of a signed copy, by its mark; a later one differs only when the printing itself changed."""

    held = Held(record="pledge", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="printings")
    file_mark = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("pledge", "file_mark"), name="agreements_printed_once"),)


class CopyReason(models.TextChoices):
    """Why a signed copy is opened; the sentence beside it is sealed."""

    ASKED = "asked"
    BROKEN = "broken"
    CHECK = "check"
    LAW = "law"


class CopyOpening(models.Model):
    """One look at one signed copy: who, when, why. The sentence is sealed under the promise's own secret."""

    held = Held(record="pledge", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="openings")
    group_id = models.CharField(max_length=26, db_index=True)
    by = models.CharField(max_length=26)
    reason = models.CharField(max_length=6, choices=CopyReason.choices)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(reason__in=CopyReason.values), name="agreements_copy_reason_known"),
        )


class Statement(models.Model):
    """How one person of the team says they are bound in one group; members read it before they join (CNF3).

    The number of a licence is not stored. ``shown_as`` is the name members know the person by; nobody has to give one.
    """

    held = Held(record="account", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    shown_as = models.CharField(max_length=40, blank=True)
    bound = models.CharField(max_length=10, choices=[(each.value, each.value) for each in rules.Bound])
    licence_body = models.CharField(max_length=120, blank=True)
    licence_until = models.DateField(null=True)
    mandated = models.CharField(max_length=7, choices=[(each.value, each.value) for each in rules.Mandated])
    said_on = models.DateField()
    holds_until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("group_id", "person"), name="agreements_one_statement"),
            models.CheckConstraint(
                condition=Q(bound__in=[each.value for each in rules.Bound])
                & Q(mandated__in=[each.value for each in rules.Mandated]),
                name="agreements_statement_known",
            ),
            models.CheckConstraint(
                condition=~Q(bound="profession") | (~Q(licence_body="") & Q(licence_until__isnull=False)),
                name="agreements_licence_has_body_and_end",
            ),
        )
