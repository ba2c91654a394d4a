"""Once more: the passphrase to open the keys, the second factor before something serious."""

from allauth.core.internal import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import arriving, hasher, nexts, opening, throttle
from circlekeeper.foundation.accounts.forms import BUSY, CodeForm, UnlockForm
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.accounts.pages import signin
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import kdf, userkeys

_TRIES = "5/5m/key"


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"))
def confirm(request: HttpRequest) -> HttpResponse:
    """``/confirm/``: prove the second factor again; it counts for five minutes."""
    person = Person.objects.get(pk=request.user.pk)
    by_device = request.method == "POST" and "credential" in request.POST
    form, used = CodeForm(None if by_device else request.POST or None), None
    if request.method == "POST":
        if not ratelimit.consume(request, app="allauth.account", action="reauthenticate"):
            return signin.too_many(request)
        if by_device:
            used = signin.by_passkey(person, request)
        elif form.is_valid():
            used = signin.by_code(person, form)
    if used is not None:
        arriving.proved(request, used)
        return HttpResponseRedirect(nexts.wanted(request))
    shown = {"form": form, "options": signin.passkey_options(person), "passkey_failed": by_device}
    return render(request, "accounts/confirm.html", shown, status=422 if by_device or form.errors else 200)


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), factor=False)
def unlock(request: HttpRequest) -> HttpResponse:
    """``/unlock/``: the passphrase, once, after a passkey sign-in or a long silence."""
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = opened_by_passphrase(request, form, "passphrase")
        if opened is not None:
            opening.open_keys(request, opened, now=clock.now())
            return HttpResponseRedirect(nexts.wanted(request))
    return render(request, "accounts/unlock.html", {"form": form}, status=422 if form.errors else 200)


def opened_by_passphrase(request: HttpRequest, form: forms.Form, field: str) -> userkeys.UserSecret | None:
    """The signed-in person's secret, opened with what they typed in ``field``; otherwise the form says what is wrong."""
    person = Person.objects.get(pk=request.user.pk)
    if not throttle.allowed(request, action="accounts.unlock", rate=_TRIES, key=person.pk):
        form.add_error(field, _("Too many tries. Wait five minutes, then try again."))
        return None
    try:
        kek = hasher.opened(form.cleaned_data[field], person.password)
    except kdf.Busy:
        form.add_error(None, BUSY)
        return None
    if kek is None:
        form.add_error(field, _("That is not your passphrase. Check it and try again."))
        return None
    return userkeys.unlock_with_kek(person.pk, kek)
