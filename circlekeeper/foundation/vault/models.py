"""Keys of people and groups, all wrapped; nothing here opens anything by itself."""

from django.db import models
from django.db.models import Q

from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held


class PersonKey(models.Model):
    """A person's key pair, wrapped under their passphrase's key and under their recovery kit's."""

    held = Held(record="keys", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    person_id = models.CharField(primary_key=True, max_length=26)
    public = models.BinaryField(max_length=32)
    sign_public = models.BinaryField(max_length=32)
    wrapped_by_password = models.BinaryField()
    wrapped_by_kit = models.BinaryField()
    kit_confirmed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()


class GroupKey(models.Model):
    """The public keys of a group's scopes, one row a version, with the way back to the secrets before."""

    held = Held(
        record="keys",
        clock=Clock.NONE,
        dies=Dies.NEVER,
        why="public keys, and older keys wrapped under newer ones",
    )

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26)
    version = models.PositiveIntegerField()
    publics = models.JSONField()  # scope -> hexadecimal X25519 public key
    # scope -> hexadecimal: that scope's secret of the version before, sealed under this version's
    previous = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group_id", "version"], name="one_key_per_version"),)


class Grant(models.Model):
    """A group's secret, or one scope's, sealed to one person and signed by whoever granted it.

    Rows never change but to be revoked once; triggers see to it (``lastholder.py``).
    """

    held = Held(record="keys", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    group_id = models.CharField(max_length=26, db_index=True)
    person_id = models.CharField(max_length=26, db_index=True)
    scope = models.CharField(max_length=10)  # "whole", or one scope
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    granted_by = models.CharField(max_length=26)
    # Kept here, so that a grant can be checked when its granter has no keys any more: X25519, then Ed25519 public key.
    granter_keys = models.BinaryField(max_length=64)
    signature = models.BinaryField(max_length=64)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["group_id", "person_id", "scope", "version"],
                condition=Q(revoked_at__isnull=True),
                name="one_live_grant",
            ),
        )


class KeySession(models.Model):
    """A secret held for the length of a session, sealed under the cookie that only the browser has."""

    held = Held(record="session", clock=Clock.AGE, dies=Dies.DELETE, since="opened_at", keep="PT12H")

    token_hash = models.CharField(primary_key=True, max_length=64)
    subject = models.CharField(max_length=80, db_index=True)
    sealed = models.BinaryField()
    opened_at = models.DateTimeField()
    used_at = models.DateTimeField()
    idle_seconds = models.PositiveIntegerField()
