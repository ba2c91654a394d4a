"""Who is asking: nobody, a member, or a person who signed in. Worked out when first needed, once a request."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from circlekeeper.foundation import clock, permissions
from circlekeeper.foundation.accounts import memberdoor, opening, queries
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.permissions import MACHINE, Permission, RoleName
from circlekeeper.foundation.vault.ring import KeyRing

Kind = Literal["nobody", "member", "person"]
Roles = Mapping[str, frozenset[RoleName]]


class Who:
    """The someone behind a request; ``roles`` and ``ring`` are fetched when first asked for.

    ``id`` is a person's id, a member's id, or ``"visitor"``. ``has_factor``: the person has a second factor; without one no
    role counts. ``proved_at``: when they last proved it in this session. A member has ``group_id`` and ``member_key``.
    """

    def __init__(
        self,
        *,
        kind: Kind = "nobody",
        id: str = "visitor",  # noqa: A002 - the contract's word
        handle: str = "",
        has_factor: bool = False,
        proved_at: datetime | None = None,
        group_id: str | None = None,
        member_key: bytes | None = None,
        find_roles: Callable[[], Roles] = dict,
        find_ring: Callable[[], KeyRing | None] = lambda: None,
    ) -> None:
        self.kind = kind
        self.id = id
        self.handle = handle
        self.has_factor = has_factor
        self.proved_at = proved_at
        self.group_id = group_id
        self.member_key = member_key
        self._find_roles = find_roles
        self._find_ring = find_ring

    @cached_property
    def roles(self) -> Roles:
        """Live roles by place: a group's id or ``machine``."""
        return self._find_roles()

    @cached_property
    def ring(self) -> KeyRing | None:
        """The person's open keys, or None while they are locked."""
        return self._find_ring()

    def can(self, permission: Permission, group_id: str = MACHINE) -> bool:
        """Whether a role held in this place carries the permission. Never without a second factor (TEC11)."""
        if permission is Permission.ANYONE:
            return True
        if permission is Permission.OWN:
            return self.kind == "member" and group_id in (MACHINE, self.group_id)
        if self.kind != "person":
            return False
        if permission is Permission.SIGNED_IN:
            return True
        return self.has_factor and permissions.grants(self.roles.get(group_id, frozenset()), permission)

    def __repr__(self) -> str:
        return f"<Who {self.kind}>"


def of(request: HttpRequest) -> Who:
    """Find out who is asking. No query for someone who sent no cookie of ours."""
    now = clock.now()
    member = memberdoor.here(request, now)
    if member is not None:
        return Who(kind="member", id=member.member_id, group_id=member.group_id, member_key=member.key)
    if SESSION_KEY not in request.session:
        return Who()
    user = request.user
    if not isinstance(user, Person) or not user.is_active:
        return Who()
    person_id = user.pk
    known = getattr(user, "has_factor", None)
    return Who(
        kind="person",
        id=person_id,
        handle=user.handle,
        has_factor=queries.has_factor(person_id) if known is None else bool(known),
        proved_at=_proved_at(request),
        find_roles=lambda: queries.roles_of(person_id),
        find_ring=lambda: opening.ring(request, person_id, now=clock.now()),
    )


async def of_async(request: HttpRequest) -> Who:
    """The same for a live stream; roles are fetched at once, since nothing may query later on the event loop."""

    def find() -> Who:
        who = of(request)
        _ = who.roles if who.kind == "person" else None
        return who

    return await sync_to_async(find)()


def _proved_at(request: HttpRequest) -> datetime | None:
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    moments = [record["at"] for record in records if record.get("method") == "mfa"]
    # allauth stamps with fractions; our clock has none, and a proof must not lie ahead of it.
    return datetime.fromtimestamp(int(moments[-1]), UTC) if moments else None


class WhoMiddleware:
    """Sets ``request.who``, and hands out the cookie of keys that this request opened or closed."""

    sync_capable = True
    async_capable = True

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
    ) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        request.who = SimpleLazyObject(lambda: of(request))  # type: ignore[attr-defined]
        if self.is_async:
            return self._later(request)
        response: HttpResponseBase = self.get_response(request)  # type: ignore[assignment]
        opening.set_cookie(request, response)
        return response

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await self.get_response(request)  # type: ignore[misc]
        opening.set_cookie(request, response)
        return response
