"""Planning how the evenings of a series go."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import AgendaForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"))
def agenda(request: HttpRequest, group_id: str, series_id: str) -> HttpResponse:
    """One line for each part of the evening: minutes, then words."""
    series = queries.series(group_id=group_id, series_id=series_id)
    back = reverse("meetings:series", args=[group_id, series_id])
    planned = queries.planned_agenda(group_id=group_id, series_id=series_id)
    lines = "\n".join(f"{minutes} {title}" for title, minutes in planned)
    form = AgendaForm(request.POST if request.method == "POST" else None, initial={"items": lines})
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_agenda(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                series_id=series_id,
                items=form.cleaned_data["items"],
                now=clock.now(),
            )
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error("items", refusal.sentence)
    shown = {"form": form, "series": series, "back": back}
    return render(request, "meetings/agenda.html", shown, status=422 if form.errors else 200)
