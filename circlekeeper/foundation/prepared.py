"""Pages that are the same for every visitor but for a few places: drawn once by their template, filled in each time.

A page is kept under everything it was drawn from (``key``) and the language, so there is nothing to go stale: other texts
are another key. Only what is drawn for somebody we know nothing of is kept; anyone signed in gets a page of their own.
"""

import re
import secrets
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.html import escape
from django.utils.translation import get_language

Holes = Mapping[str, str]
Key = tuple[Hashable, ...]

ROOM = 256
_FORM_TOKEN = "csrf_token"  # noqa: S105 - the name Django's templates know it by
# Nobody outside can write something that looks like a hole.
_MARK = f"hole{secrets.token_hex(16)}x"
_HOLE = re.compile(_MARK.encode() + rb"([0-9]{3})")
_kept: dict[Key, list[bytes]] = {}
_keeping = threading.Lock()


class NoSuchHole(Exception):
    """A template does not show a hole as it is, or shows a form's token, which is one visitor's own. The text names it."""


def show(
    request: HttpRequest,
    template: str,
    *,
    key: Key,
    context: Callable[[Holes], dict[str, Any]],
    holes: Holes,
    status: int = 200,
) -> HttpResponse:
    """Draw a page, or fill in the one that was drawn for this ``key`` before.

    ``context`` makes the template's context from the texts to show in the holes; whatever else it uses must be in ``key``.

    :raises NoSuchHole: the template changes a hole's text or leaves it out, or has a form with Django's token in it.
    """
    if not _is_unknown(request):
        return render(request, template, context(holes), status=status)
    whole: Key = (template, get_language(), tuple(holes), *key)
    pieces = _kept.get(whole)
    if pieces is None:
        pieces = _draw(request, template, context, list(holes))
        _keep(whole, pieces)
    values = [escape(value).encode() for value in holes.values()]
    body = b"".join(values[int(piece) - 1] if at % 2 else piece for at, piece in enumerate(pieces))
    return HttpResponse(body, status=status)


def _is_unknown(request: HttpRequest) -> bool:
    """Whether nothing on the page can be about whoever asks: no session, so no name, navigation or message."""
    return (
        settings.SESSION_COOKIE_NAME not in request.COOKIES and request.who.kind == "nobody"  # type: ignore[attr-defined]
    )


def _draw(
    request: HttpRequest, template: str, context: Callable[[Holes], dict[str, Any]], names: list[str]
) -> list[bytes]:
    """The page cut at its holes: text, number of the hole, text, …"""
    marks = {name: f"{_MARK}{at:03}" for at, name in enumerate(names, start=1)}
    made = context(marks) | {_FORM_TOKEN: f"{_MARK}000"}
    pieces = _HOLE.split(loader.render_to_string(template, made, request).encode())
    there = {int(piece) for piece in pieces[1::2]}
    if 0 in there:
        raise NoSuchHole(_FORM_TOKEN)
    for at, name in enumerate(names, start=1):
        if at not in there:
            raise NoSuchHole(name)
    return pieces


def _keep(key: Key, pieces: list[bytes]) -> None:
    with _keeping:
        _kept[key] = pieces
        while len(_kept) > ROOM:
            del _kept[next(iter(_kept))]
