"""Signing in: passphrase and second factor, or a passkey alone; and out again."""

import json

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as passkeys
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.foundation.accounts import arriving, factors, memberdoor, nexts, queries
from circlekeeper.foundation.accounts.forms import WRONG_CODE, CodeForm, SignInForm
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    """A handle and a passphrase; unknown handles and wrong passphrases look and take the same."""
    if request.user.is_authenticated:
        response = HttpResponseRedirect(nexts.wanted(request))
        # A member's cookie in the same browser would hide the person who is signed in.
        memberdoor.leave(request, response)
        return response
    if request.method == "GET":
        clear_login(request) if "account_login" in request.session else None
    elif not ratelimit.consume(request, app="allauth.account", action="login"):
        return too_many(request)
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        answer: HttpResponse = form.login(request, redirect_url=nexts.wanted(request))
        return answer
    shown = {"form": form, "new_here": not queries.someone_exists()}
    return render(request, "accounts/sign_in.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def second_factor(request: HttpRequest) -> HttpResponse:
    """A code or a passkey, after the passphrase."""
    answer: HttpResponse = _second_factor(request)
    return answer


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def _second_factor(request: HttpRequest) -> HttpResponse:
    stage = request._login_stage  # type: ignore[attr-defined]
    person = stage.login.user
    by_device = request.method == "POST" and "credential" in request.POST
    form, used = CodeForm(None if by_device else request.POST or None), None
    if by_device:
        used = by_passkey(person, request)
    elif request.method == "POST" and form.is_valid():
        used = by_code(person, form)
    if used is not None:
        used.user = person
        post_authentication(request, used)
        answer: HttpResponse = stage.exit()
        return answer
    shown = {"form": form, "options": passkey_options(person), "passkey_failed": by_device}
    return render(request, "accounts/second_factor.html", shown, status=422 if by_device or form.errors else 200)


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey that checks its owner (both factors in one). GET: the question for the device, as JSON."""
    if not ratelimit.consume(request, app="allauth.mfa", action="webauthn_login", limit_get=True):
        return too_many(request)
    if request.method == "GET":
        return JsonResponse({"options": webauthn.begin_authentication(user=None)})
    form = LoginWebAuthnForm(data=request.POST)
    if form.is_valid():
        found = form.cleaned_data["credential"]
        login = Login(user=found.user, redirect_url=nexts.wanted(request))
        answer: HttpResponse = passkeys.perform_passwordless_login(request, found, login)
        return answer
    again = SignInForm(request=request)
    shown = {"form": again, "new_here": False, "passkey_failed": True}
    return render(request, "accounts/sign_in.html", shown, status=422)


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out by POST; a GET asks first."""
    if request.method == "GET":
        return render(request, "accounts/sign_out.html")
    response = HttpResponseRedirect(reverse("account_login"))
    arriving.end(request, response)
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """The calm page for too many tries."""
    return render(request, "accounts/too_many.html", status=429)


def by_code(person: Person, form: CodeForm) -> Authenticator | None:
    """The factor whose code this is; otherwise the form says what is wrong. At most five tries in five minutes."""
    try:
        clear = check_rate_limit(person)
    except ValidationError as too_often:
        form.add_error("code", too_often)
        return None
    used = factors.use_code(person.pk, form.cleaned_data["code"])
    if used is None:
        form.add_error("code", WRONG_CODE)
        return None
    clear()
    return used


def passkey_options(person: Person) -> str:
    """The question for the person's devices as JSON, or an empty string if they have no passkey."""
    if not queries.factors_of(person.pk).passkeys:
        return ""
    return json.dumps(webauthn.begin_authentication(person), cls=DjangoJSONEncoder)


def by_passkey(person: Person, request: HttpRequest) -> Authenticator | None:
    """The passkey that answered our question, or None."""
    answer = AuthenticateWebAuthnForm(user=person, data=request.POST)
    return answer.cleaned_data["credential"] if answer.is_valid() else None
