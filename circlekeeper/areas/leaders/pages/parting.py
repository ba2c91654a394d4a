"""Ending somebody's powers without them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.leaders import actions
from circlekeeper.areas.leaders.forms import RemovalForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.KEYS_CHANGE, methods=("GET", "POST"), step_up=True)
def remove(request: HttpRequest, group_id: str, person_id: str) -> HttpResponse:
    """``/groups/<id>/team/<person>/remove/``: with a reason; powers stop at once, then the keys are to be changed."""
    if group_id not in accounts.places_of(person_id):
        raise NotHere
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                person_id=person_id,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Their access is over. Now change the keys."))
            return HttpResponseRedirect(reverse("leaders:keys", args=[group_id]))
    shown = {
        "form": form,
        "handle": accounts.handles([person_id]).get(person_id, ""),
        "back": reverse("groups:team", args=[group_id]),
    }
    return render(request, "leaders/remove.html", shown, status=422 if form.errors else 200)
