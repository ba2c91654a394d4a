"""How people are got to know before they join."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.joining import actions, queries, rules
from circlekeeper.areas.joining.forms import WayForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.LEVEL_SET, methods=("GET", "POST"))
def way(request: HttpRequest, group_id: str) -> HttpResponse:
    """Decide how people come in, with a reason; stricter than the level is always possible (REG6)."""
    here, least = queries.way(group_id), queries.level_path(group_id)
    back = reverse("joining:applications", args=[group_id])
    form = WayForm(
        request.POST if request.method == "POST" else None,
        paths=rules.paths_from(least),
        initial={"path": here.path, "reason": here.reason},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_vetting(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                now=clock.now(),
                **form.cleaned_data,
            )
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    shown = {"form": form, "way": here, "least": least, "back": back}
    return render(request, "joining/way.html", shown, status=422 if form.errors else 200)
