"""A ``who`` for pages of the floor, so that its tests need no account: the cookie ``test_who`` says who it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from circlekeeper.foundation import clock
from circlekeeper.foundation.permissions import Permission

REAL = "circlekeeper.foundation.accounts.who.WhoMiddleware"
MIDDLEWARE = ["circlekeeper.web.tests.standin.StandIn" if name == REAL else name for name in settings.MIDDLEWARE]


@dataclass(frozen=True, slots=True)
class Someone:
    """As much of a ``Who`` as the page door asks for."""

    kind: str
    id: str = "someone"
    group_id: str | None = None
    has_factor: bool = True
    ring: None = None
    proved_at: datetime | None = None

    def can(self, permission: Permission, place: str) -> bool:
        return self.kind == "person"


class StandIn:
    """Middleware in place of the real one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kind = request.COOKIES.get("test_who", "nobody")
        request.who = Someone(kind=kind, proved_at=clock.now())  # type: ignore[attr-defined]
        return self.get_response(request)
