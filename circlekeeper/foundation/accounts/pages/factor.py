"""Second factors of one's own: connecting an app, adding a passkey, spare codes, taking one away."""

import json

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, arriving, factors, nexts, queries
from circlekeeper.foundation.accounts.forms import WRONG_CODE, AppForm
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.SIGNED_IN, factor=False)
def choose(request: HttpRequest) -> HttpResponse:
    """An app, which works everywhere, or a passkey, which needs script."""
    who = request.who  # type: ignore[attr-defined]
    return render(request, "accounts/factor.html", {"first": not who.has_factor, "step": 3})


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), factor=False)
def app(request: HttpRequest) -> HttpResponse:
    """Connect an authenticator app: a picture to scan, a secret to type, and the first code to prove it."""
    closed = nexts.proof_first(request)
    if closed is not None:
        return closed
    who = request.who  # type: ignore[attr-defined]
    secret = totp.get_totp_secret(regenerate=request.method == "GET")
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        counter = _proved_counter(request, form, secret)
        if counter is not None:
            made = actions.add_app(by=who.id, secret=secret, counter=counter, now=clock.now())
            totp.clear_totp_secret(request)
            return _added(request, made)
    shown = {
        "form": form,
        "picture": factors.picture(get_adapter().build_totp_url(request.user, secret)),
        "secret": factors.grouped(secret),
        "first": not who.has_factor,
    }
    return render(request, "accounts/app.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), factor=False)
def passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey that checks its owner, so that it can also sign in alone."""
    closed = nexts.proof_first(request)
    if closed is not None:
        return closed
    who, failed = request.who, False  # type: ignore[attr-defined]
    if request.method == "POST":
        form = AddWebAuthnForm(user=request.user, data=request.POST.dict() | {"passwordless": "on"})
        if form.is_valid():
            credential = form.cleaned_data["credential"]
            return _added(request, actions.add_passkey(by=who.id, credential=credential, now=clock.now()))
        failed = True
    options = json.dumps(webauthn.begin_registration(request.user, True), cls=DjangoJSONEncoder)
    shown = {"options": options, "passkey_failed": failed, "first": not who.has_factor}
    return render(request, "accounts/passkey.html", shown, status=422 if failed else 200)


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), step_up=True)
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take one of one's own factors away; with the last one, every role rests."""
    who = request.who  # type: ignore[attr-defined]
    if request.method == "POST":
        actions.remove_factor(by=who.id, factor_id=factor_id, now=clock.now())
        return HttpResponseRedirect(reverse("accounts:account"))
    held = queries.factors_of(who.id)
    last = held.passkeys + held.totp == 1
    shown = {
        "question": _("Take this second factor away?"),
        "what": _("It is your last one. You will not be able to do anything here until you add another.")
        if last
        else _("You can still sign in with the other one."),
        "undo": _("You can add it again later."),
        "button": _("Take it away"),
        "cancel_url": reverse("accounts:account"),
        "tone": "harm" if last else "",
    }
    return render(request, "web/confirm.html", shown)


@page(needs=Permission.SIGNED_IN)
def spare_codes(request: HttpRequest) -> HttpResponse:
    """Ten codes for the day the phone is lost. Shown once."""
    person_id = str(request.user.pk)
    row = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None:
        raise NotHere
    codes: list[str] = []
    with factors.secrets_of(person_id):
        held = row.wrap()
        if not held.did_view:
            codes = held.get_unused_codes()
            held.mark_as_viewed()
    onward = nexts.missing(person_id) or reverse("accounts:account")
    return render(request, "accounts/spare_codes.html", {"codes": codes, "onward": onward})


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), step_up=True)
def new_spare_codes(request: HttpRequest) -> HttpResponse:
    """Replace the spare codes."""
    if request.method == "POST":
        actions.new_spare_codes(by=str(request.user.pk), now=clock.now())
        return HttpResponseRedirect(reverse("accounts:spare-codes"))
    shown = {
        "question": _("Make new spare codes?"),
        "what": _("You get ten new codes, shown once. Those you have now stop working."),
        "button": _("Make new codes"),
        "cancel_url": reverse("accounts:account"),
    }
    return render(request, "web/confirm.html", shown)


def _proved_counter(request: HttpRequest, form: AppForm, secret: str) -> int | None:
    try:
        clear = check_rate_limit(request.user)
    except ValidationError as too_often:
        form.add_error("code", too_often)
        return None
    counter = factors.code_fits(secret, form.cleaned_data["code"])
    if counter is None:
        form.add_error("code", WRONG_CODE)
        return None
    clear()
    return counter


def _added(request: HttpRequest, made: Authenticator) -> HttpResponse:
    person_id = str(request.user.pk)
    arriving.proved(request, made)
    arriving.finish(person_id)
    codes = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is not None and not codes.wrap().did_view:
        return HttpResponseRedirect(reverse("accounts:spare-codes"))
    return HttpResponseRedirect(nexts.missing(person_id) or reverse("accounts:account"))
