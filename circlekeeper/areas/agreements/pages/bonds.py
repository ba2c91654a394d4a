"""Who on the team is bound to keep silent: saying it, and reading it before joining (CNF3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.agreements import actions, queries
from circlekeeper.areas.agreements.forms import BoundForm
from circlekeeper.areas.agreements.queries import Badge
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.ANYONE)
def who(request: HttpRequest, group_id: str) -> HttpResponse:
    """The badges of everyone who keeps this group, for anyone who thinks of joining."""
    groups.group(group_id)
    return render(
        request, "agreements/who.html", {"badges": queries.shown_badges(group_id=group_id, now=clock.now())}
    )


@page(needs=Permission.AGREEMENT_SEE)
def people(request: HttpRequest, group_id: str) -> HttpResponse:
    """The same for the team, with who has not said anything yet and whose promise or licence is overdue."""
    found = queries.badges(group_id=group_id, now=clock.now())
    names = accounts.handles(each.person_id for each in found)
    rows = [queries.badge_words(each) | {"handle": names.get(each.person_id, "")} for each in found]
    shown_here = {
        "group_id": group_id,
        "rows": rows,
        "silent": sum(not each.bound for each in found),
        "overdue": sum(each.overdue for each in found),
        "asked": queries.statements_asked(group_id),
        "back": reverse("agreements:shelf", args=[group_id]),
    }
    return render(request, "agreements/people.html", shown_here)


@page(needs=Permission.GROUP_SEE, methods=("GET", "POST"))
def say(request: HttpRequest, group_id: str) -> HttpResponse:
    """A person of the team says how they are bound."""
    by, now = request.who.id, clock.now()  # type: ignore[attr-defined]
    back = reverse("groups:home", args=[group_id])
    mine = queries.badges(group_id=group_id, now=now, person_ids=[by])
    form = BoundForm(request.POST or None, initial=_initial(mine))
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_bound(by=by, group_id=group_id, now=now, **form.cleaned_data)
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return render(
        request, "agreements/say_bound.html", {"form": form, "back": back}, status=422 if form.errors else 200
    )


def _initial(mine: list[Badge]) -> dict[str, Any]:
    if not mine or not mine[0].bound:
        return {}
    return {name: getattr(mine[0], name) for name in BoundForm.base_fields}
