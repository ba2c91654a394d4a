"""The list of meetings, and planning them."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import PlanForm, service_choices
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    """The coming meetings of every group this person keeps."""
    who = request.who  # type: ignore[attr-defined]
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.MEETING_SEE, place)]
    names = {each.id: each.public_name for each in groups.groups(places)}
    coming = queries.coming(group_ids=places, now=clock.now(), limit=30)
    shown = {"coming": [{"meeting": each, "group": names.get(each.group_id, "")} for each in coming]}
    return render(request, "meetings/index.html", shown)


@page(needs=Permission.MEETING_SEE)
def overview(request: HttpRequest, group_id: str) -> HttpResponse:
    """Coming and past meetings of one group."""
    now, who = clock.now(), request.who  # type: ignore[attr-defined]
    shown = {
        "group_id": group_id,
        "group": groups.group(group_id),
        "coming": queries.coming(group_ids=[group_id], now=now, cancelled=True),
        "past": queries.past(group_id=group_id, now=now),
        "series": queries.series_of(group_id),
        "may_plan": who.can(Permission.MEETING_PLAN, group_id),
        "may_host": who.can(Permission.MEETING_HOST, group_id),
    }
    return render(request, "meetings/overview.html", shown)


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"))
def plan(request: HttpRequest, group_id: str) -> HttpResponse:
    """Plan a repeating meeting."""
    zone = queries.zone_words(groups.group(group_id).time_zone)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        zone_words=zone,
        offers=service_choices(queries.services_for(group_id, now=clock.now())),
    )
    back = reverse("meetings:overview", args=[group_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_series(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                now=clock.now(),
                **form.cleaned_data,
            )
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    shown = {"form": form, "back": back, "group_id": group_id, "services": queries.services()}
    return render(request, "meetings/plan.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.MEETING_PLAN, methods=("POST",))
def cancel(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Cancel one meeting, or hold it after all."""
    who = request.who  # type: ignore[attr-defined]
    act = actions.restore_meeting if request.POST.get("do") == "restore" else actions.cancel_meeting
    act(by=who.id, group_id=group_id, meeting_id=meeting_id, now=clock.now())
    return HttpResponseRedirect(reverse("meetings:overview", args=[group_id]))
