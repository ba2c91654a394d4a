"""The way back for someone who forgot their passphrase: their kit and a second factor. Nobody else can help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, factors, hasher, nexts, queries, rules, throttle
from circlekeeper.foundation.accounts.forms import BUSY, ForgottenForm
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import envelope, kdf, userkeys

_TRIES = "10/10m/ip,5/30m/key"


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def forgotten(request: HttpRequest) -> HttpResponse:
    """``/sign-in/forgotten/``. What was wrong is not told apart: a name that nobody has answers like a wrong word."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        proved = by_kit(request, form)
        if proved is not None:
            opened, secret = proved
            actions.recover(opened=opened, secret=secret, now=clock.now())
            return render(request, "accounts/forgotten_done.html", {"sign_in": reverse("account_login")})
    shown = {"form": form, "taken": nexts.TAKEN_BY_KIT, "no_phone": nexts.NO_PHONE}
    return render(request, "accounts/forgotten.html", shown, status=422 if form.errors else 200)


def by_kit(request: HttpRequest, form: ForgottenForm) -> tuple[userkeys.UserSecret, hasher.Split] | None:
    """Who filled this in, proved by kit and code, with their new passphrase; or None, and the form says what is wrong."""
    given = form.cleaned_data
    key = rules.tidy_handle(given["handle"])
    if not throttle.allowed(request, action="accounts.forgotten", rate=_TRIES, key=key):
        form.add_error(None, _("Too many tries. Wait half an hour, then try again."))
        return None
    try:
        # Before anything is looked up, so that it takes as long for everyone.
        secret = hasher.split(given["new"])
    except kdf.Busy:
        form.add_error(None, BUSY)
        return None
    opened = _opened(given["handle"], given["words"])
    # A form without a code is that of somebody who has no phone either: they wait a day.
    if opened is None or ("code" in form.fields and factors.use_code(opened.person_id, given["code"]) is None):
        form.add_error(None, _("The name, the words and the code do not fit together. Check each of them."))
        return None
    return opened, secret


def _opened(handle: str, words: str) -> userkeys.UserSecret | None:
    person = queries.by_handle(handle)
    if person is None or not person.is_active:
        return None
    try:
        return userkeys.unlock_with_kit(person.pk, words)
    except (userkeys.NotAKit, envelope.SealBroken):
        return None
