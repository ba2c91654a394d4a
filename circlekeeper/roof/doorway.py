"""The door at the top of the hour, answered ahead of Django: everybody opens their personal link in the same minute.

There is one set of rules and one drawn page behind both ways. ``meetings.queries`` and ``meetings.actions`` say where a link
leads and write who came; a page is sent again as Django drew it for someone who saw the same face of the door
(``meetings.pages.face``). Whatever is not usual (another form, a signed-in person, a face not drawn yet, a database that
does not answer) is left to Django.
"""

import re
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import Error, close_old_connections
from django.http.cookie import parse_cookie
from django.http.response import HttpResponseBase
from django.utils.translation import get_language_from_request

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.pages import door
from circlekeeper.areas.meetings.pages import face as faces
from circlekeeper.foundation import clock, memo, samesite
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ids import new_id
from circlekeeper.roof.drawn import Drawn, Pages
from circlekeeper.serving import ahead, environ
from circlekeeper.serving.together import Together

PREFIX = "/m/"
_PATH = re.compile(r"/m/([a-z2-7]{26})/")
_STILL = "still=1"
_FORM = "application/x-www-form-urlencoded"
_LONGEST_FORM = 512
_ANY_DEVICE = "x" * 26
# How many of those who could not be answered together are answered by Django side by side.
_ALONE = 4


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands at the door: all that a usual request says."""

    token: str
    device: str
    language: str
    still: bool


@dataclass(frozen=True, slots=True)
class _Comer:
    caller: Caller
    device: str
    back: Drawn
    answer: ahead.Answer


class Doorway:
    """Answers ``/m/<token>/``; see ``serving.ahead.Desk``."""

    def __init__(self, *, together: type[Together[_Comer]] = Together, alone: Executor | None = None) -> None:
        self._pages = Pages()
        self._arriving = together(self._arrive, name="door")
        self._alone = alone or ThreadPoolExecutor(_ALONE, "door-alone")

    def get(self, scope: environ.Scope) -> ahead.Reply | None:
        """The page of a link, if someone saw the same before."""
        caller = _caller(scope)
        if caller is None:
            return None
        now = clock.now()
        try:
            with memo.page():
                place = queries.place(token=caller.token, device=caller.device, now=now)
                face = faces.of(place, language=caller.language, still=caller.still, now=now)
        except NotHere:
            face = faces.Face(faces.Plain.GONE, caller.language)
        except Error:
            return None
        drawn = self._pages.find(face)
        return drawn.reply(token=caller.token, device=new_id()) if drawn else None

    def post(self, scope: environ.Scope, body: bytes, answer: ahead.Answer) -> bool:
        """Take on someone who arrives; whoever leaves is Django's."""
        caller = _caller(scope)
        if caller is None or not _sent_from_here(scope):
            return False
        form = _form(scope, body)
        back = self._pages.find(faces.Face(faces.Plain.SENT_BACK, caller.language))
        if form.get("do") != "arrive" or back is None:
            return False
        device = caller.device or door.offered(form.get("device", ""))
        self._arriving.bring(_Comer(caller, device, back, answer))
        return True

    def keep(self, scope: environ.Scope, response: Any, reply: ahead.Reply) -> None:
        """Remember a page of the door that Django drew for a usual request."""
        face = getattr(response, "face", None)
        if isinstance(face, faces.Face) and (caller := _caller(scope)) is not None:
            self._pages.keep(face, reply, token=caller.token, device=response.device)

    def _arrive(self, comers: list[_Comer]) -> None:
        try:
            outcomes = _outcomes(comers)
        except Exception:
            # Nothing was written, or the same device arrives once more. Django tries again and tells each what is wrong.
            close_old_connections()
            for comer in comers:
                self._leave_to_django(comer)
            return
        for comer, outcome in zip(comers, outcomes, strict=True):
            self._answer(comer, outcome)

    def _answer(self, comer: _Comer, outcome: actions.Outcome) -> None:
        if isinstance(outcome, actions.Arrived):
            reply = comer.back.reply(token=comer.caller.token)
            if outcome.arrival_id is not None:
                reply = _with_device(reply, comer.device)
            comer.answer(reply)
            return
        step = faces.Plain.GONE if isinstance(outcome, NotHere) else faces.Plain.CROWDED
        drawn = self._pages.find(faces.Face(step, comer.caller.language))
        if drawn:
            comer.answer(drawn.reply(token=comer.caller.token))
        else:
            self._leave_to_django(comer)

    def _leave_to_django(self, comer: _Comer) -> None:
        self._alone.submit(comer.answer, None)


def _outcomes(comers: list[_Comer]) -> Sequence[actions.Outcome]:
    together = [actions.Comer(each.caller.token, each.device) for each in comers]
    try:
        return actions.arrive_together(by="visitor", comers=together, now=clock.now())
    except actions.NobodyArrived as nobody:
        return nobody.outcomes


def _caller(scope: environ.Scope) -> Caller | None:
    """What a usual request says; None for any other. A signed-in person sees more on every page, so theirs is not usual."""
    if not scope.path.startswith(PREFIX):
        return None
    path, query = _PATH.fullmatch(scope.path), scope.query_string
    if path is None or query not in ("", _STILL):
        return None
    cookies = parse_cookie(scope.headers.get("cookie") or "")
    device = cookies.get(door.DEVICE_COOKIE, "")
    if settings.SESSION_COOKIE_NAME in cookies or (device and not door.DEVICE.fullmatch(device)):
        return None
    return Caller(path[1], device, _language(scope, cookies), query == _STILL)


def _language(scope: environ.Scope, cookies: dict[str, str]) -> str:
    """What Django's LocaleMiddleware finds."""
    asked = {"HTTP_ACCEPT_LANGUAGE": scope.headers.get("accept-language") or ""}
    return get_language_from_request(SimpleNamespace(COOKIES=cookies, META=asked))  # type: ignore[arg-type]


def _form(scope: environ.Scope, body: bytes) -> dict[str, str]:
    if (scope.headers.get("content-type") or "").lower() != _FORM or len(body) > _LONGEST_FORM:
        return {}
    return dict(parse_qsl(body.decode("latin-1")))


def _sent_from_here(scope: environ.Scope) -> bool:
    said = scope.headers.get
    return samesite.sent_from_here(
        fetch_site=said("sec-fetch-site") or "",
        origin=said("origin") or "",
        referer=said("referer") or "",
        scheme=scope.scheme,
        host=said("host") or "",
    )


def _with_device(reply: ahead.Reply, device: str) -> ahead.Reply:
    cookie = _cookie(int(time.time())).replace(_ANY_DEVICE, device)
    return reply._replace(headers=[*reply.headers, ("Set-Cookie", cookie)])


@lru_cache(maxsize=2)
def _cookie(second: int) -> str:
    """The cookie as the page sets it in this second: it says when it ends."""
    del second
    given = HttpResponseBase()
    door.give_device(given, _ANY_DEVICE)
    return given.cookies[door.DEVICE_COOKIE].output(header="")
