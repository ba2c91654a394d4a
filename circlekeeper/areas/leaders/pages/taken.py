""" "My account was taken": from the account's own page, or with the paper kit when the thief has changed the passphrase."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.leaders import actions
from circlekeeper.areas.leaders.forms import TakenForm
from circlekeeper.areas.leaders.pages import keys
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import arriving, hasher
from circlekeeper.foundation.accounts.forms import BUSY, ForgottenForm
from circlekeeper.foundation.accounts.pages import forgotten
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import kdf, userkeys


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), keys=True, step_up=True)
def taken(request: HttpRequest) -> HttpResponse:
    """``/account/taken/``: with the keys open and a fresh proof."""
    who = request.who  # type: ignore[attr-defined]
    form = TakenForm(request.POST if request.method == "POST" else None, handle=who.handle)
    if request.method == "POST" and form.is_valid():
        try:
            secret = hasher.split(form.cleaned_data["new"])
        except kdf.Busy:
            form.add_error(None, BUSY)
        else:
            return _over(request, who.ring.secret, secret)
    return render(request, "leaders/taken.html", {"form": form}, status=422 if form.errors else 200)


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def taken_by_kit(request: HttpRequest) -> HttpResponse:
    """``/sign-in/taken/``: with the kit and a code, when there is no other way in."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        proved = forgotten.by_kit(request, form)
        if proved is not None:
            return _over(request, *proved)
    return render(request, "leaders/taken_by_kit.html", {"form": form}, status=422 if form.errors else 200)


def _over(request: HttpRequest, opened: userkeys.UserSecret, secret: hasher.Split) -> HttpResponse:
    done = actions.take_back(by=opened.person_id, opened=opened, secret=secret, now=clock.now())
    for group_id in done.changing:
        # What one press cannot bring along waits on Today, for any key holder.
        keys.go_on(done.ring, group_id)
    response = render(request, "leaders/taken_done.html", {"sign_in": reverse("account_login")})
    arriving.end(request, response)
    return response
