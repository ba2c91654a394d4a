"""Who may send us people, and codes for them to hand on."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.joining import actions, queries
from circlekeeper.areas.joining.forms import ReferrerForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.JOINING_DECIDE, methods=("GET", "POST"), keys=True)
def referrers(request: HttpRequest, group_id: str) -> HttpResponse:
    """Who may send people, and a form to list somebody (REG7)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    form = ReferrerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.list_referrer(by=who.id, group_id=group_id, now=now, **form.cleaned_data)
        return HttpResponseRedirect(reverse("joining:referrer", args=[group_id, made]))
    shown = {
        "group_id": group_id,
        "listed": queries.referrers(by=who.id, about=group_id, ring=who.ring, now=now),
        "form": form,
        "back": reverse("joining:applications", args=[group_id]),
    }
    return render(request, "joining/referrers.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.JOINING_DECIDE, methods=("GET", "POST"), keys=True)
def referrer(request: HttpRequest, group_id: str, referrer_id: str) -> HttpResponse:
    """Make a code for one of them, end those that are out, or take them off the list. A code is shown once."""
    who, now, code = request.who, clock.now(), ""  # type: ignore[attr-defined]
    found = queries.referrer(by=who.id, group_id=group_id, referrer_id=referrer_id, ring=who.ring, now=now)
    back = reverse("joining:referrers", args=[group_id])
    if request.method == "POST":
        do: str = request.POST.get("do", "")
        about: dict[str, Any] = {"group_id": group_id, "referrer_id": referrer_id, "now": now}
        if do == "code":
            code = actions.make_referral(by=who.id, **about)
        elif do == "end":
            actions.revoke_referrals(by=who.id, **about)
            return HttpResponseRedirect(reverse("joining:referrer", args=[group_id, referrer_id]))
        elif do == "drop":
            actions.drop_referrer(by=who.id, **about)
            return HttpResponseRedirect(back)
        else:
            raise NotHere
    shown = {"found": found, "code": code, "back": back, "back_words": _("Who may send people")}
    return render(request, "joining/referrer.html", shown)
