"""Every page says who may open it; a view without that does not exist."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from circlekeeper.foundation import clock, memo
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import MACHINE, Permission

PROOF_LASTS = timedelta(minutes=5)
SIGN_IN, SET_UP_FACTOR, UNLOCK, CONFIRM, MEMBER_DOOR = (
    "/sign-in/",
    "/account/factor/",
    "/unlock/",
    "/confirm/",
    "/me/enter/",
)

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a page needs; tests derive the access matrix from it."""

    needs: Permission
    methods: tuple[str, ...]
    keys: bool
    step_up: bool
    factor: bool
    files: bool = False


def page(
    *,
    needs: Permission,
    methods: tuple[str, ...] = ("GET",),
    keys: bool = False,
    step_up: bool = False,
    factor: bool = True,
    files: bool = False,
) -> Callable[[View], View]:
    """Declare a page.

    ``needs``: the permission, checked against the roles held in the URL's ``group_id`` (or on the machine when the URL has
    none). ``keys``: the person's keys must be unlocked. ``step_up``: the second factor was proved within five minutes.
    ``factor=False`` is for the account pages that come before a second factor exists. Without ``files`` a picture or any
    other file is refused before the view runs, and nothing of it is kept (FAQ4).
    Someone without the permission gets 404; ``NotHere`` is 404; ``Refused`` is a calm page with its sentence.
    """
    rule = Rule(needs, methods, keys, step_up, factor, files)

    def decorate(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            method = "GET" if request.method == "HEAD" else request.method
            if method not in methods:
                return HttpResponseNotAllowed(methods)
            if any("\0" in str(value) for value in kwargs.values()):
                raise Http404  # PostgreSQL cannot even look for such a thing
            closed = _door(request, rule, kwargs.get("group_id"))
            if closed is not None:
                return closed
            try:
                if method == "POST" and not files and request.FILES:
                    raise Refused(
                        _("We never take pictures, documents or other files here. Nothing of it was kept.")
                    )
                with memo.page():
                    return view(request, *args, **kwargs)
            except NotHere as missing:
                raise Http404 from missing
            except Refused as refusal:
                return render(request, "web/refused.html", {"sentence": refusal.sentence}, status=refusal.status)

        run.page_rule = rule  # type: ignore[attr-defined]
        return run

    return decorate


def _door(request: HttpRequest, rule: Rule, group_id: str | None) -> HttpResponse | None:
    who = request.who  # type: ignore[attr-defined]
    if rule.needs is Permission.ANYONE:
        return None
    if rule.needs is Permission.OWN:
        return _member_door(request, who, group_id)
    if who.kind != "person":
        return _send(request, SIGN_IN)
    if rule.factor and not who.has_factor:
        return _send(request, SET_UP_FACTOR)
    if rule.needs is not Permission.SIGNED_IN and not who.can(rule.needs, group_id or MACHINE):
        raise Http404
    if rule.keys and who.ring is None:
        return _send(request, UNLOCK)
    if rule.step_up and not proof_is_fresh(who.proved_at):
        return _send(request, CONFIRM)
    return None


def proof_is_fresh(proved_at: datetime | None) -> bool:
    """At most ``PROOF_LASTS`` ago; nor does one from a time to come last longer (the clock was set back)."""
    return proved_at is not None and abs(clock.now() - proved_at) <= PROOF_LASTS


def _member_door(request: HttpRequest, who: Any, group_id: str | None) -> HttpResponse | None:
    if who.kind != "member":
        return _send(request, MEMBER_DOOR)
    if group_id is not None and group_id != who.group_id:
        raise Http404
    return None


def _send(request: HttpRequest, where: str) -> HttpResponse:
    # Only the path goes along (opaque ids); what was typed into a query string does not.
    return HttpResponseRedirect(f"{where}?{urlencode({'next': request.path})}")
