"""People who sign in, what they may do, who was asked to join them, and their open sessions."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from circlekeeper.foundation.ids import ID_LENGTH, new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held
from circlekeeper.foundation.permissions import RoleName

HANDLE_LENGTH = 40
_ROLES = [(role.value, role.value) for role in RoleName]


class People(BaseUserManager["Person"]):
    """Finds people; making them is an action."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(handle=username)


class Person(AbstractBaseUser):
    """Someone with an account. No address is kept: a person signs in with a handle they chose."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    handle = models.CharField(max_length=HANDLE_LENGTH, unique=True)
    joined_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)
    last_login = None

    objects = People()
    held: ClassVar = Held(record="account", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar[list[str]] = []


class Role(models.Model):
    """One person's role in one place: a group's id, or ``machine``.

    ``keyed_at``: when someone who holds the keys of the place passed them on; until then the role waits for keys.
    ``confirmed_at``: when someone last said that it is still needed (TEC12).
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=ID_LENGTH)
    role = models.CharField(max_length=20, choices=_ROLES)
    granted_by = models.CharField(max_length=ID_LENGTH)
    granted_at = models.DateTimeField()
    keyed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    held: ClassVar = Held(record="account", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "place", "role"),
                condition=Q(revoked_at__isnull=True),
                name="accounts_one_live_role",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in RoleName]), name="accounts_known_role"
            ),
        )
        indexes = (models.Index(fields=("place", "role"), name="accounts_role_place"),)


class Invitation(models.Model):
    """An open place for one person, opened with a code that is shown once and kept only as a hash.

    ``taken_by``: the person who opened it; ``used_at``: when they had a second factor and a checked kit and got the role.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    token_hash = models.BinaryField(max_length=32)
    place = models.CharField(max_length=ID_LENGTH)
    role = models.CharField(max_length=20, choices=_ROLES)
    made_by = models.CharField(max_length=ID_LENGTH)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_by = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    held: ClassVar = Held(record="account", clock=Clock.AGE, dies=Dies.DELETE, since="made_at", keep="P90D")

    class Meta:
        indexes = (models.Index(fields=("place", "expires_at"), name="accounts_invitation_place"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | ~Q(taken_by=""), name="accounts_used_by_someone"
            ),
        )


class OpenSession(models.Model):
    """One browser that is signed in, or on its way there.

    The row is named by a hash of the cookie and sealed under a key made from the cookie, so a stolen database opens no
    session and tells nothing of what is in one.
    """

    row_name = models.CharField(primary_key=True, max_length=64)
    sealed = models.BinaryField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(db_index=True)

    held: ClassVar = Held(record="session", clock=Clock.AGE, dies=Dies.DELETE, since="expires_at", keep="P1D")
