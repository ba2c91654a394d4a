"""Emergency plans: written by the team, printed for the wall, read by members (FMT4)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.venues import actions, queries
from circlekeeper.areas.venues.forms import PlanForm
from circlekeeper.areas.venues.queries.plans import today_of
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_HOST)
def index(request: HttpRequest, group_id: str) -> HttpResponse:
    """Every plan; those whose numbers must be checked again say so."""
    today = today_of(group_id, clock.now())
    shown = {
        "group_id": group_id,
        "plans": [(each, each.is_old(today)) for each in queries.plans(group_id)],
        "may_plan": request.who.can(Permission.MEETING_PLAN, group_id),  # type: ignore[attr-defined]
    }
    return render(request, "venues/plans.html", shown)


def _places(group_id: str) -> list[tuple[str, str]]:
    return [(each.id, each.name) for each in queries.places(group_id)]


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"))
def write(request: HttpRequest, group_id: str) -> HttpResponse:
    """Write a plan."""
    now = clock.now()
    today = {"verified_on": today_of(group_id, now)}
    form = PlanForm(request.POST if request.method == "POST" else None, places=_places(group_id), initial=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_plan(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                venue_id=form.cleaned_data["where"],
                country=form.cleaned_data["country"],
                said=form.said,
                verified_on=form.cleaned_data["verified_on"],
                now=now,
            )
            return HttpResponseRedirect(reverse("venues:plan", args=[group_id, made]))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _form(request, form, back=reverse("venues:plans", args=[group_id]))


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"))
def change(request: HttpRequest, group_id: str, plan_id: str) -> HttpResponse:
    """Write a plan anew."""
    found = queries.plan(group_id=group_id, plan_id=plan_id)
    back = reverse("venues:plan", args=[group_id, plan_id])
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        places=_places(group_id),
        initial={
            "country": found.country,
            "steps": found.steps,
            "numbers": "\n".join(f"{who}, {dial}" for who, dial in found.numbers),
            "verified_on": found.verified_on,
        },
    )
    del form.fields["where"]  # a plan stays what it is for
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_plan(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                plan_id=plan_id,
                country=form.cleaned_data["country"],
                said=form.said,
                verified_on=form.cleaned_data["verified_on"],
                now=clock.now(),
            )
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _form(request, form, back=back)


def _form(request: HttpRequest, form: PlanForm, *, back: str) -> HttpResponse:
    shown = {"form": form, "back": back}
    return render(request, "venues/write_plan.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def plan(request: HttpRequest, group_id: str, plan_id: str) -> HttpResponse:
    """One plan, to read in a hurry and to print."""
    now, who = clock.now(), request.who  # type: ignore[attr-defined]
    may_plan = who.can(Permission.MEETING_PLAN, group_id)
    if request.method == "POST":
        if not may_plan:
            raise NotHere
        where: dict[str, Any] = {"by": who.id, "group_id": group_id, "plan_id": plan_id, "now": now}
        if request.POST.get("do") == "drop":
            actions.drop_plan(**where)
            return HttpResponseRedirect(reverse("venues:plans", args=[group_id]))
        actions.check_plan(**where)
        return HttpResponseRedirect(reverse("venues:plan", args=[group_id, plan_id]))
    found = queries.plan(group_id=group_id, plan_id=plan_id)
    shown = {
        "group_id": group_id,
        "plan": found,
        "old": found.is_old(today_of(group_id, now)),
        "may_plan": may_plan,
        "back": reverse("venues:plans", args=[group_id]),
    }
    return render(request, "venues/plan.html", shown)


@page(needs=Permission.OWN)
def own(request: HttpRequest) -> HttpResponse:
    """What a member reads: the place's plan when they may know the place, and each country's numbers."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = queries.plans_for(group_id=who.group_id, member_id=who.id, now=now)
    today = today_of(who.group_id, now)
    return render(request, "venues/own_plan.html", {"plans": [(each, each.is_old(today)) for each in found]})
