"""What people are asked: who reads it, and the few questions that need a decision."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import actions, queries, rules
from circlekeeper.areas.joining.forms import BASIS_WORDS, FieldForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.LEVEL_SET, methods=("GET", "POST"))
def fields(request: HttpRequest, group_id: str) -> HttpResponse:
    """Each thing that is asked with who reads it; propose, approve or drop one about health or the law (REG4, REG5)."""
    who, now, refused = request.who, clock.now(), ""  # type: ignore[attr-defined]
    form = FieldForm(request.POST if request.POST.get("do") == "propose" else None)
    if request.method == "POST":
        try:
            if form.is_bound and form.is_valid():
                actions.propose_field(by=who.id, group_id=group_id, now=now, **form.cleaned_data)
            elif not form.is_bound:
                _about_one(request, group_id)
            if not form.errors:
                return HttpResponseRedirect(reverse("joining:fields", args=[group_id]))
        except Refused as refusal:
            if refusal.field in form.fields and form.is_bound:
                form.add_error(refusal.field, refusal.sentence)
            else:
                refused = refusal.sentence
    level = groups.group(group_id).level
    shown: dict[str, Any] = {
        "form": form if rules.may_ask_extra(level) else None,
        "refused": refused,
        "least": [
            {"label": _(each.label), "why": _(each.why), "readers": _(each.readers)} for each in rules.CATALOGUE
        ],
        "extra": [
            {"facts": each, "label": _(each.label), "readers": _(each.readers), "basis": BASIS_WORDS[each.basis]}
            for each in queries.extra_fields(group_id, now)
        ],
        "may_approve": who.can(Permission.SAFETY_WAIVE, group_id),
        "me": who.id,
        "back": reverse("joining:applications", args=[group_id]),
    }
    status = 422 if form.errors else 409 if refused else 200
    return render(request, "joining/fields.html", shown, status=status)


def _about_one(request: HttpRequest, group_id: str) -> None:
    about: dict[str, Any] = {
        "by": request.who.id,  # type: ignore[attr-defined]
        "group_id": group_id,
        "name": request.POST.get("field", ""),
        "now": clock.now(),
    }
    if request.POST.get("do") == "approve":
        actions.approve_field(**about)
    elif request.POST.get("do") == "drop":
        actions.drop_field(**about)
    else:
        raise NotHere
