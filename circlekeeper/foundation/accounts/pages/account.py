"""One's own account: factors, sessions, passphrase, kit, roles. No address, no device, no place is shown: none is known."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, hasher, nexts, opening, queries
from circlekeeper.foundation.accounts.forms import BUSY, ChangePassphraseForm
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.accounts.pages import proving
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import ROLE_WORDS, Permission
from circlekeeper.foundation.vault import kdf


@page(needs=Permission.SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    """``/account/``."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    rows = Authenticator.objects.filter(user_id=who.id, type__in=queries.REAL_FACTORS).order_by("created_at", "pk")
    shown = {
        "handle": who.handle,
        "factors": [
            {
                "words": _("Authenticator app") if row.type == Authenticator.Type.TOTP else row.data["name"],
                "since": row.created_at,
                "remove": reverse("accounts:factor-remove", args=[row.pk]),
            }
            for row in rows
        ],
        "has_app": any(row.type == Authenticator.Type.TOTP for row in rows),
        "sessions": queries.open_sessions(who.id, now=now),
        "roles": [ROLE_WORDS[role] for _place, role in queries.words_of(who.roles)],
        "kit_checked": queries.kit_checked(who.id),
        "taken": nexts.TAKEN,
        "four_words": queries.four_words(who.id),
    }
    return render(request, "accounts/account.html", shown)


@page(needs=Permission.SIGNED_IN, methods=("POST",))
def close_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else. Opened keys close here too, so the passphrase is asked for once more."""
    who = request.who  # type: ignore[attr-defined]
    closed = actions.close_other_sessions(by=who.id, keep_session=request.session.session_key, now=clock.now())
    opening.close_keys(request)
    words = _("You were signed in nowhere else.") if not closed else _("You are signed out everywhere else.")
    messages.success(request, words)
    return HttpResponseRedirect(reverse("accounts:account"))


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), step_up=True)
def passphrase(request: HttpRequest) -> HttpResponse:
    """Change the passphrase; every other session ends."""
    who = request.who  # type: ignore[attr-defined]
    form = ChangePassphraseForm(request.POST or None, handle=who.handle)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, _("Your passphrase is changed. You are signed out everywhere else."))
        return HttpResponseRedirect(reverse("accounts:account"))
    return render(request, "accounts/passphrase.html", {"form": form}, status=422 if form.errors else 200)


def _changed(request: HttpRequest, form: ChangePassphraseForm) -> bool:
    opened = proving.opened_by_passphrase(request, form, "old")
    if opened is None:
        return False
    try:
        secret = hasher.split(form.cleaned_data["new"])
    except kdf.Busy:
        form.add_error(None, BUSY)
        return False
    actions.change_passphrase(
        by=opened.person_id,
        opened=opened,
        secret=secret,
        keep_session=request.session.session_key,
        now=clock.now(),
    )
    update_session_auth_hash(request, Person.objects.get(pk=opened.person_id))
    opening.open_keys(request, opened, now=clock.now())
    return True
