"""The front door and the set-up of a new machine."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, arriving, hasher, nexts, queries, setup_code, throttle
from circlekeeper.foundation.accounts.forms import BUSY, SetUpCodeForm, WhoYouAreForm
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import kdf

_CODE_SEEN = "circlekeeper_set_up_code_seen"
_TRIES = "10/10m/ip,60/h/key"


@page(needs=Permission.ANYONE)
def front(request: HttpRequest) -> HttpResponse:
    """``/``: the set-up on a new machine, then sign-in, then what is missing, then the person's day."""
    who = request.who  # type: ignore[attr-defined]
    if who.kind == "member":
        return HttpResponseRedirect("/me/")
    if who.kind == "person":
        return HttpResponseRedirect(nexts.missing(who.id) or "/today/")
    if not queries.someone_exists():
        return HttpResponseRedirect(reverse("accounts:set-up"))
    return HttpResponseRedirect(reverse("account_login"))


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def set_up(request: HttpRequest) -> HttpResponse:
    """Step 1: the code from the screen where the program was started."""
    if queries.someone_exists():
        raise Http404
    form = SetUpCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not throttle.allowed(request, action="accounts.set-up", rate=_TRIES, key="set-up"):
            form.add_error("code", _("Too many tries. Wait ten minutes, then try again."))
        elif setup_code.matches(form.cleaned_data["code"]):
            request.session.cycle_key()
            request.session[_CODE_SEEN] = True
            return HttpResponseRedirect(reverse("accounts:set-up-you"))
        else:
            form.add_error("code", _("That is not the code. Look at it again, letter by letter."))
    return render(request, "accounts/set_up.html", {"form": form}, status=422 if form.errors else 200)


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def set_up_you(request: HttpRequest) -> HttpResponse:
    """Step 2: the first account."""
    if queries.someone_exists():
        raise Http404
    if not request.session.get(_CODE_SEEN):
        return HttpResponseRedirect(reverse("accounts:set-up"))
    form = WhoYouAreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            secret = hasher.split(form.cleaned_data["new"])
            person_id = actions.make_first_person(
                handle=form.cleaned_data["handle"], secret=secret, now=clock.now()
            )
        except kdf.Busy:
            form.add_error(None, BUSY)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            request.session.pop(_CODE_SEEN, None)
            setup_code.current()  # an account exists now: this removes the file
            arriving.sign_in_new(request, person_id, secret.kek)
            return HttpResponseRedirect(reverse("accounts:factor"))
    return render(request, "accounts/you.html", {"form": form, "step": 2}, status=422 if form.errors else 200)
