"""The two cookies of ours that open keys: a person's and a member's. Session and form cookies are Django's."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def keys_name() -> str:
    """The cookie whose secret opens a signed-in person's keys."""
    return _named("ck_keys")


def member_name() -> str:
    """The cookie whose secret opens a member's own key."""
    return _named("ck_member")


def read(request: HttpRequest, name: str) -> str:
    """What the browser sent under this name, or an empty string."""
    return request.COOKIES.get(name, "")


def give(response: HttpResponseBase, name: str, value: str) -> None:
    """Set a cookie that ends with the browser, is out of reach of scripts and never crosses sites."""
    response.set_cookie(name, value, path="/", secure=settings.HTTPS, httponly=True, samesite="Strict")


def drop(response: HttpResponseBase, name: str) -> None:
    """Have the browser forget the cookie."""
    # delete_cookie() knows that names with the __Host- prefix need "secure".
    response.delete_cookie(name, path="/", samesite="Strict")


def _named(name: str) -> str:
    return f"__Host-{name}" if settings.HTTPS else name
