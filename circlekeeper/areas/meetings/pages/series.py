"""One series: what it is, leading it elsewhere, ending it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import AddressForm
from circlekeeper.areas.meetings.pages import second
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_PLAN)
def series(request: HttpRequest, group_id: str, series_id: str) -> HttpResponse:
    """What a series is, and what ending it would do."""
    found = queries.series(group_id=group_id, series_id=series_id)
    services = {each.name: each for each in queries.services()}
    agenda = queries.planned_agenda(group_id=group_id, series_id=series_id)
    shown = {
        "agenda": agenda,
        "series": found,
        "service": services.get(found.provider),
        "group_id": group_id,
        **(second.shown(found) if found.is_online else {}),
    }
    return render(request, "meetings/series.html", shown)


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"))
def address(request: HttpRequest, group_id: str, series_id: str) -> HttpResponse:
    """Another link or place, for instance because somebody passed the old one on. The old one is never shown."""
    found = queries.series(group_id=group_id, series_id=series_id)
    back = reverse("meetings:series", args=[group_id, series_id])
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_address(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                series_id=series_id,
                address=form.cleaned_data["address"],
                now=clock.now(),
            )
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error("address", refusal.sentence)
    shown = {"form": form, "series": found, "back": back}
    return render(request, "meetings/address.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.MEETING_PLAN, methods=("POST",))
def end(request: HttpRequest, group_id: str, series_id: str) -> HttpResponse:
    """Stop a series; its page said what that does."""
    who = request.who  # type: ignore[attr-defined]
    actions.end_series(by=who.id, group_id=group_id, series_id=series_id, now=clock.now())
    return HttpResponseRedirect(reverse("meetings:overview", args=[group_id]))
