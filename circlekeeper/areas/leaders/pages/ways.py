"""Letting somebody of the team back in: the co-leader's page, the page of whoever comes back, and a way to say no."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.leaders import actions, queries
from circlekeeper.areas.leaders.forms import WayBackForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import hasher, throttle
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.forms import BUSY
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import kdf

_TRIES = "10/10m/ip,20/h/key"


@page(needs=Permission.KEYS_CHANGE, methods=("GET", "POST"), step_up=True)
def way_back(request: HttpRequest, group_id: str, person_id: str) -> HttpResponse:
    """``/groups/<id>/team/<person>/way-back/``: open one, agree to one, stop one."""
    by, now = request.who.id, clock.now()  # type: ignore[attr-defined]
    if group_id not in accounts.places_of(person_id):
        raise NotHere
    shown = {
        "handle": accounts.handles([person_id]).get(person_id, ""),
        "back": reverse("groups:team", args=[group_id]),
    }
    if request.method == "POST" and request.POST.get("step") == "begin":
        made = actions.begin_way_back(by=by, group_id=group_id, person_id=person_id, now=now)
        address = request.build_absolute_uri(made.path)
        return render(request, "leaders/way_back_open.html", shown | {"made": made, "address": address})
    if request.method == "POST":
        _answer(request.POST.get("step", ""), by, person_id, now)
        return HttpResponseRedirect(shown["back"])
    found = queries.way_of(person_id, now=now)
    may_agree = found is not None and by not in (found.began_by, person_id)
    return render(request, "leaders/way_back.html", shown | {"found": found, "may_agree": may_agree})


def _answer(step: str, by: str, person_id: str, now: datetime) -> None:
    if step == "stop":
        actions.stop_way_back(by=by, person_id=person_id, now=now)
    elif step == "agree":
        actions.agree_to_way_back(by=by, person_id=person_id, now=now)
    else:
        raise NotHere


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"))
def own(request: HttpRequest) -> HttpResponse:
    """``/account/way-back/``: somebody is let in in my name, and I did not ask for it."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    if request.method == "POST":
        actions.stop_way_back(by=who.id, person_id=who.id, now=now)
        return HttpResponseRedirect(reverse("accounts:account"))
    return render(request, "leaders/own_way.html", {"found": queries.way_of(who.id, now=now)})


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def enter(request: HttpRequest, way_id: str) -> HttpResponse:
    """``/way-back/<id>/``: the code and a new passphrase. The page is the same for a way that never was."""
    form = WayBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _entered(request, form, way_id):
        return render(request, "leaders/way_back_done.html", {"sign_in": reverse("account_login")})
    return render(request, "leaders/enter.html", {"form": form}, status=422 if form.errors else 200)


def _entered(request: HttpRequest, form: WayBackForm, way_id: str) -> bool:
    code, now = form.cleaned_data["code"], clock.now()
    if not throttle.allowed(request, action="leaders.way-back", rate=_TRIES, key=way_id):
        form.add_error("code", _("Too many tries. Wait ten minutes, then try again."))
        return False
    opens_at = actions.way_opens(way_id=way_id, code=code, now=now)
    if opens_at is None:
        form.add_error(
            "code", _("This does not open anything. Check the code letter by letter, or ask your co-leader.")
        )
        return False
    if now < opens_at:
        form.add_error("code", _("The code fits, but the day of waiting is not over. Come back tomorrow."))
        return False
    try:
        secret = hasher.split(form.cleaned_data["new"])
    except kdf.Busy:
        form.add_error(None, BUSY)
        return False
    actions.take_way_back(way_id=way_id, code=code, secret=secret, now=now)
    return True
