"""The five words of staff navigation, and the few pages of one's own. Only pages that exist are shown."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FIVE: tuple[tuple[str | Promise, str], ...] = (
    (_("Today"), "web:today"),
    (_("Groups"), "groups:index"),
    (_("Meetings"), "meetings:index"),
    (_("Care"), "care:index"),
    (_("Trust"), "trust:index"),
)
_OWN: tuple[tuple[str | Promise, str], ...] = (
    (_("Your account"), "accounts:account"),
    (_("Sign out"), "accounts:sign-out"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One word of the navigation; ``here`` is the value of ``aria-current``, or empty."""

    word: str | Promise
    url: str
    here: str


def main(request: HttpRequest, who: Any) -> list[Place]:
    """The main navigation of a signed-in person; nothing for anyone else."""
    return _places(_FIVE, request.path) if _kind(who) == "person" else []


def own(request: HttpRequest, who: Any) -> list[Place]:
    """Account and sign-out of a signed-in person."""
    return _places(_OWN, request.path) if _kind(who) == "person" else []


def _kind(who: Any) -> str:
    return str(getattr(who, "kind", "nobody"))


def _places(entries: tuple[tuple[str | Promise, str], ...], path: str) -> list[Place]:
    found = []
    for word, name in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append(Place(word, url, _here(path, url)))
    return found


def _here(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
