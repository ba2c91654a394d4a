"""Someone was asked in: the code, then an account or a sign-in; the rest is as for everybody."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, arriving, hasher, nexts, throttle
from circlekeeper.foundation.accounts.forms import BUSY, InvitationCodeForm, WhoYouAreForm
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import kdf

_CODE = "circlekeeper_invitation"
_TRIES = "10/10m/ip,20/h/key"


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def invited(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """``/invited/<id>/``: type the code. The page is the same for an invitation that never was."""
    form = InvitationCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, now = form.cleaned_data["code"], clock.now()
        if not throttle.allowed(request, action="accounts.invited", rate=_TRIES, key=invitation_id):
            form.add_error("code", _("Too many tries. Wait ten minutes, then try again."))
        elif not actions.code_opens(invitation_id=invitation_id, code=code, now=now):
            form.add_error("code", actions.InvitationOver().sentence)
        elif request.who.kind == "person":  # type: ignore[attr-defined]
            return _take(request, invitation_id, code)
        else:
            request.session.cycle_key()
            # The session is sealed under its cookie, so the code is not in the database.
            request.session[_CODE] = [invitation_id, code]
            return HttpResponseRedirect(reverse("accounts:invited-you"))
    return render(request, "accounts/invited.html", {"form": form}, status=422 if form.errors else 200)


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def you(request: HttpRequest) -> HttpResponse:
    """Make an account, or sign in with the one you have."""
    held = request.session.get(_CODE)
    if not held:
        return HttpResponseRedirect(nexts.HOME)
    invitation_id, code = held
    if request.who.kind == "person":  # type: ignore[attr-defined]
        return _take(request, invitation_id, code) if request.method == "POST" else _ask(request)
    form = WhoYouAreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            secret = hasher.split(form.cleaned_data["new"])
            person_id = actions.join_by_invitation(
                invitation_id=invitation_id,
                code=code,
                handle=form.cleaned_data["handle"],
                secret=secret,
                now=clock.now(),
            )
        except kdf.Busy:
            form.add_error(None, BUSY)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            request.session.pop(_CODE, None)
            arriving.sign_in_new(request, person_id, secret.kek)
            return HttpResponseRedirect(reverse("accounts:factor"))
    shown = {"form": form, "step": 2, "sign_in": f"{reverse('account_login')}?next={request.path}"}
    return render(request, "accounts/you.html", shown, status=422 if form.errors else 200)


def _ask(request: HttpRequest) -> HttpResponse:
    """Someone who has an account here: opening an address must not change what they may do."""
    shown = {
        "question": _("Take this invitation?"),
        "what": _("You will help here as %(name)s, the account you are signed in with.")
        % {"name": request.who.handle},  # type: ignore[attr-defined]
        "undo": _("Whoever asked you can end it again at any time."),
        "button": _("Take it"),
        "cancel_url": nexts.HOME,
    }
    return render(request, "web/confirm.html", shown)


def _take(request: HttpRequest, invitation_id: str, code: str) -> HttpResponse:
    person_id = request.who.id  # type: ignore[attr-defined]
    actions.take_invitation(by=person_id, invitation_id=invitation_id, code=code, now=clock.now())
    request.session.pop(_CODE, None)
    arriving.finish(person_id)
    return HttpResponseRedirect(nexts.missing(person_id) or reverse("accounts:ready"))
