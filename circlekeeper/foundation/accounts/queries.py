"""Reading accounts: roles, people, what is still to be done before someone may act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.foundation.accounts import rules
from circlekeeper.foundation.accounts.models import Invitation, OpenSession, Person, Role
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.permissions import MACHINE, Permission, RoleName
from circlekeeper.foundation.todo import Todo, Urgency
from circlekeeper.foundation.vault import userkeys

_NEEDED = (RoleName.LEADER, RoleName.ADMINISTRATOR)
_RECOVERED, _TOLD_FOR = "accounts.person.recover", timedelta(days=14)
REAL_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A live role. ``waits``: its holder has no keys of the place yet."""

    id: str
    person_id: str
    place: str
    role: RoleName
    granted_at: datetime
    confirmed_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An open invitation; ``taken_by`` is empty until someone opened it."""

    id: str
    place: str
    role: RoleName
    made_by: str
    made_at: datetime
    expires_at: datetime
    taken_by: str


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can prove themselves with. ``spare_codes``: a set of recovery codes exists."""

    totp: bool
    passkeys: int
    spare_codes: bool

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all; recovery codes alone are none."""
        return self.totp or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What may be shown of a person to people they work with."""

    id: str
    handle: str
    joined_at: datetime
    kit_checked: bool
    has_factor: bool
    active: bool


def roles_of(person_id: str) -> dict[str, frozenset[RoleName]]:
    """A person's live roles by place, in one query."""
    found: dict[str, set[RoleName]] = {}
    for place, role in _live().filter(person_id=person_id).values_list("place", "role"):
        found.setdefault(place, set()).add(RoleName(role))
    return {place: frozenset(roles) for place, roles in found.items()}


def roles_in(place: str) -> tuple[RoleFacts, ...]:
    """Every live role of a place, oldest first."""
    return tuple(_facts(role) for role in _live().filter(place=place).order_by("granted_at", "pk"))


def places_of(person_id: str) -> tuple[str, ...]:
    """The groups in which a person holds a role (not the machine)."""
    places = _live().filter(person_id=person_id).exclude(place=MACHINE).values_list("place", flat=True)
    return tuple(sorted(set(places)))


def people_with_role(place: str, *roles: RoleName) -> tuple[str, ...]:
    """Ids of the people who hold a role in a place (one of ``roles``, or any), each once, longest there first."""
    found = _live().filter(place=place)
    if roles:
        found = found.filter(role__in=roles)
    return tuple(dict.fromkeys(found.order_by("granted_at", "pk").values_list("person_id", flat=True)))


def waiting_for_keys(place: str) -> tuple[RoleFacts, ...]:
    """Live roles of a place whose holders have no keys yet."""
    return tuple(role for role in roles_in(place) if role.waits)


def teams(places: Iterable[str]) -> dict[str, str]:
    """Everyone with a role in one of these groups, each with one of the groups, in one query."""
    return dict(_live().filter(place__in=list(places)).order_by("granted_at").values_list("person_id", "place"))


def waiting_in(places: Iterable[str]) -> tuple[RoleFacts, ...]:
    """Live roles of these groups whose holders wait for keys and could take them (they have a second factor)."""
    rows = _live().filter(place__in=list(places), keyed_at__isnull=True).exclude(place=MACHINE)
    found = [_facts(row) for row in rows.order_by("granted_at", "pk")]
    ready = with_factor({role.person_id for role in found})
    return tuple(role for role in found if role.person_id in ready)


def handles(person_ids: Iterable[str]) -> dict[str, str]:
    """The handle of each of these people, in one query; unknown ids are left out."""
    return dict(Person.objects.filter(pk__in=list(person_ids)).values_list("pk", "handle"))


def person(person_id: str) -> PersonFacts:
    """:raises NotHere: there is no such person."""
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise NotHere
    return PersonFacts(
        id=found.pk,
        handle=found.handle,
        joined_at=found.joined_at,
        kit_checked=kit_checked(person_id),
        has_factor=has_factor(person_id),
        active=found.is_active,
    )


def kits_checked(person_ids: Iterable[str]) -> dict[str, bool]:
    """Whether each of these people typed their recovery kit back (a high-risk group opens only with two who did)."""
    wanted = list(person_ids)
    return dict.fromkeys(wanted, False) | userkeys.kit_confirmed(wanted)


def kit_checked(person_id: str) -> bool:
    """Whether this person typed their recovery kit back."""
    return kits_checked([person_id])[person_id]


def four_words(person_id: str) -> str:
    """Four words of a person's public keys, to compare by voice before granting them keys.

    :raises NotHere: they have no keys.
    """
    return userkeys.fingerprint(person_id)


def has_factor(person_id: str) -> bool:
    """Whether a person has a second factor: an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=person_id, type__in=REAL_FACTORS).exists())


def with_factor(person_ids: Iterable[str]) -> frozenset[str]:
    """Those of these people who have a second factor, in one query (TEC11)."""
    rows = Authenticator.objects.filter(user_id__in=list(person_ids), type__in=REAL_FACTORS)
    return frozenset(rows.values_list("user_id", flat=True))


def factors_of(person_id: str) -> Factors:
    """Everything a person can prove themselves with."""
    kinds = list(Authenticator.objects.filter(user_id=person_id).values_list("type", flat=True))
    return Factors(
        totp=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        spare_codes=Authenticator.Type.RECOVERY_CODES in kinds,
    )


def open_sessions(person_id: str, *, now: datetime) -> int:
    """How many browsers a person is signed in on. Where and with what they are is not known to us."""
    return OpenSession.objects.filter(person_id=person_id, expires_at__gt=now).count()


def open_invitations(place: str, *, now: datetime) -> tuple[InvitationFacts, ...]:
    """Invitations to a place that can still be used or finished."""
    return tuple(_invitation(row) for row in _open_invitations(now).filter(place=place).order_by("made_at", "pk"))


def invitation_taken_by(person_id: str, *, now: datetime) -> InvitationFacts | None:
    """The invitation a person opened and has not finished, if there is one."""
    row = _open_invitations(now).filter(taken_by=person_id).order_by("made_at").first()
    return None if row is None else _invitation(row)


def invitation(invitation_id: str, *, now: datetime) -> InvitationFacts | None:
    """An invitation that can still be used or finished, or None."""
    row = _open_invitations(now).filter(pk=invitation_id).first()
    return None if row is None else _invitation(row)


def to_confirm(place: str, *, now: datetime) -> tuple[RoleFacts, ...]:
    """Roles of a place that nobody confirmed for a quarter of a year (TEC12)."""
    return tuple(role for role in roles_in(place) if rules.to_confirm(confirmed_at=role.confirmed_at, now=now))


def someone_exists() -> bool:
    """Whether the machine has an account yet."""
    return Person.objects.exists()


def by_handle(typed: str) -> Person | None:
    """For signing in only: the row of the person with this handle."""
    return Person.objects.filter(handle=rules.tidy_handle(typed)).first()


def words_of(mapping: Mapping[str, frozenset[RoleName]]) -> list[tuple[str, RoleName]]:
    """Roles as a sorted list of place and role, for a page."""
    return sorted((place, role) for place, roles in mapping.items() for role in roles)


def todo(who: Any, now: datetime) -> list[Todo]:
    """What a person's own account still lacks, who came back with a kit, and which roles nobody spoke for, for Today."""
    if who.kind != "person":
        return []
    return [*_own_kit(who.id), *_came_back(who, now), *_roles_to_confirm(who, now)]


def _own_kit(person_id: str) -> list[Todo]:
    if kit_checked(person_id):
        return []
    return [
        Todo(
            title=_("Put your twelve words on paper"),
            why=_("Without them a forgotten passphrase locks you out of everything people trusted you with."),
            url="/account/kit/",
            minutes=5,
            urgency=Urgency.SOON,
        )
    ]


def _came_back(who: Any, now: datetime) -> list[Todo]:
    """Leaders and privacy leads hear for two weeks of anyone on their team who came back with a recovery kit."""
    led = {place for place in places_of(who.id) if who.can(Permission.LEVEL_SET, place)}
    team = dict(_live().filter(place__in=led).exclude(person_id=who.id).values_list("person_id", "place"))
    back = log.newest_of(_RECOVERED, about=team, since=now - _TOLD_FOR) if team else {}
    names = handles(back) if back else {}
    return [
        Todo(
            title=_("%(name)s came back with their recovery kit") % {"name": names.get(person_id, "")},
            why=_(
                "Ask them by voice whether it was they. If not, somebody has their paper: end their access now."
            ),
            url=f"/groups/{team[person_id]}/team/",
            minutes=5,
            urgency=Urgency.TODAY,
        )
        for person_id in back
    ]


def _roles_to_confirm(who: Any, now: datetime) -> list[Todo]:
    led = [place for place in places_of(who.id) if who.can(Permission.PEOPLE_MANAGE, place)]
    old = _live().filter(place__in=led, confirmed_at__lt=now - rules.CONFIRM_EVERY).order_by("confirmed_at")
    found: dict[str, list[datetime]] = {}
    for place, confirmed_at in old.values_list("place", "confirmed_at"):
        found.setdefault(place, []).append(confirmed_at)
    return [
        Todo(
            title=ngettext(
                "Say whether %(n)d role is still needed", "Say whether %(n)d roles are still needed", len(moments)
            )
            % {"n": len(moments)},
            why=_(
                "Nobody has said so for three months. A role nobody speaks for ends by itself, and its keys with it."
            ),
            url=f"/groups/{place}/team/roles/",
            minutes=3,
            urgency=Urgency.TODAY,
            due=moments[0] + rules.CONFIRM_EVERY + rules.GRACE,
        )
        for place, moments in found.items()
    ]


def overdue_roles(*, now: datetime) -> tuple[RoleFacts, ...]:
    """Live roles nobody confirmed in time, longest ago first (TEC12)."""
    found = _live().filter(confirmed_at__lt=now - rules.CONFIRM_EVERY - rules.GRACE).order_by("confirmed_at", "pk")
    return tuple(_facts(role) for role in found)


def is_last(role: RoleFacts) -> bool:
    """Whether a place would be left without a leader, or the machine without an administrator."""
    return role.role in _NEEDED and people_with_role(role.place, role.role) == (role.person_id,)


def role(role_id: str) -> RoleFacts:
    """:raises NotHere: no such live role."""
    row = _live().filter(pk=role_id).first()
    if row is None:
        raise NotHere
    return _facts(row)


def _live() -> QuerySet[Role]:
    return Role.objects.filter(revoked_at__isnull=True)


def _open_invitations(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)


def _facts(role: Role) -> RoleFacts:
    return RoleFacts(
        id=role.pk,
        person_id=role.person_id,
        place=role.place,
        role=RoleName(role.role),
        granted_at=role.granted_at,
        confirmed_at=role.confirmed_at,
        waits=role.keyed_at is None and role.place != MACHINE,
    )


def _invitation(row: Invitation) -> InvitationFacts:
    return InvitationFacts(
        id=row.pk,
        place=row.place,
        role=RoleName(row.role),
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        taken_by=row.taken_by,
    )
