"""The paper kit without a phone: type it, wait a day in which the others can say no, type it again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.leaders import actions, queries
from circlekeeper.areas.leaders.forms import NoPhoneForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts.pages import forgotten
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import userkeys


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def no_phone(request: HttpRequest) -> HttpResponse:
    """``/sign-in/no-phone/``."""
    form = NoPhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        proved = forgotten.by_kit(request, form)
        if proved is not None:
            return _next(request, form, *proved)
    return render(request, "leaders/no_phone.html", {"form": form}, status=422 if form.errors else 200)


def _next(
    request: HttpRequest, form: NoPhoneForm, opened: userkeys.UserSecret, secret: hasher.Split
) -> HttpResponse:
    now = clock.now()
    found = queries.way_of(opened.person_id, now=now)
    try:
        if found is not None and found.kind == "kit":
            actions.take_with_kit(opened=opened, secret=secret, now=now)
            return render(request, "leaders/way_back_done.html", {"sign_in": reverse("account_login")})
        opens_at = actions.begin_with_kit(by=opened.person_id, now=now)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return render(request, "leaders/no_phone.html", {"form": form}, status=422)
    return render(request, "leaders/no_phone_wait.html", {"opens_at": opens_at})
