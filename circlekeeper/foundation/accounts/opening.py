"""A signed-in person's opened keys: put behind a cookie at sign-in or unlock, gone at sign-out."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from circlekeeper.foundation.accounts import cookies
from circlekeeper.foundation.vault import sessions, userkeys
from circlekeeper.foundation.vault.ring import KeyRing

IDLE = timedelta(minutes=30)
_GIVE = "_circlekeeper_keys_to_give"
_finders: list[Callable[[str], timedelta | None]] = []


def install(find_idle: Callable[[str], timedelta | None]) -> None:
    """Name the function that says for a person's id how long their keys stay open unused. For ``wiring.py``."""
    _finders[:] = [find_idle]


def idle_of(person_id: str) -> timedelta:
    """How long this person's keys stay open unused: what the strictest of their groups says, half an hour without one."""
    return next((idle for find in _finders if (idle := find(person_id)) is not None), IDLE)


def open_keys(request: HttpRequest, secret: userkeys.UserSecret, *, now: datetime) -> None:
    """Open a key session for this person; the cookie goes out with the answer (``WhoMiddleware``).

    It opens nothing before the sign-in, with its second factor, is complete.
    """
    old = cookies.read(request, cookies.keys_name())
    if old:
        sessions.close(old)
    token = sessions.open_session(
        subject=secret.person_id, secret=secret.value, idle=idle_of(secret.person_id), now=now
    )
    setattr(request, _GIVE, token)


def ring(request: HttpRequest, person_id: str, *, now: datetime) -> KeyRing | None:
    """The person's open keys, or None when they are locked: idle too long, never opened here, or someone else's."""
    token = getattr(request, _GIVE, "") or cookies.read(request, cookies.keys_name())
    if not token:
        return None
    value = sessions.resume(token, person_id, now)
    return None if value is None else KeyRing(userkeys.UserSecret(person_id, value))


def close_keys(request: HttpRequest) -> None:
    """End the key session of this browser; the cookie is dropped with the answer."""
    token = cookies.read(request, cookies.keys_name())
    if token:
        sessions.close(token)
    setattr(request, _GIVE, "")


def set_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Hand out or take back the cookie, if this request opened or closed keys."""
    token = getattr(request, _GIVE, None)
    if token:
        cookies.give(response, cookies.keys_name(), token)
        # One browser is one someone: whoever signs in is no longer the member who sat here before.
        cookies.drop(response, cookies.member_name())
    elif token == "":
        cookies.drop(response, cookies.keys_name())
