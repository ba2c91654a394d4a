"""The list of places, and the card of each."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.venues import actions, queries
from circlekeeper.areas.venues.forms import ChooseForm, PlaceForm
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_HOST)
def index(request: HttpRequest, group_id: str) -> HttpResponse:
    """Every place, by number, and which meetings are held there."""
    rhythms = {each.id: each.rhythm for each in meetings.series_of(group_id) if each.in_a_room}
    places = [
        {"facts": each, "meets": [rhythms[one] for one in sorted(each.series & rhythms.keys())]}
        for each in queries.places(group_id)
    ]
    may_plan = request.who.can(Permission.MEETING_PLAN, group_id)  # type: ignore[attr-defined]
    shown = {"group_id": group_id, "places": places, "may_plan": may_plan}
    return render(request, "venues/index.html", shown)


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"), keys=True)
def write(request: HttpRequest, group_id: str) -> HttpResponse:
    """Write down a new place."""
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = request.who.id  # type: ignore[attr-defined]
        try:
            made = actions.write_place(by=by, group_id=group_id, card=form.card, told=form.told, now=clock.now())
            return HttpResponseRedirect(reverse("venues:place", args=[group_id, made]))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _form(request, form, back=reverse("venues:index", args=[group_id]))


@page(needs=Permission.MEETING_PLAN, methods=("GET", "POST"), keys=True)
def change(request: HttpRequest, group_id: str, venue_id: str) -> HttpResponse:
    """Write a place anew."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    queries.place(group_id=group_id, venue_id=venue_id)
    back = reverse("venues:place", args=[group_id, venue_id])
    if request.method == "POST":
        form = PlaceForm(request.POST)
        if form.is_valid():
            where: dict[str, Any] = {"by": who.id, "group_id": group_id, "venue_id": venue_id, "now": now}
            actions.change_place(card=form.card, told=form.told, **where)
            return HttpResponseRedirect(back)
    else:
        card, told = queries.card(by=who.id, about=venue_id, group_id=group_id, ring=who.ring, now=now)
        form = PlaceForm(initial=asdict(card) | asdict(told))
    return _form(request, form, back=back)


def _form(request: HttpRequest, form: PlaceForm, *, back: str) -> HttpResponse:
    return render(request, "venues/write.html", {"form": form, "back": back}, status=422 if form.errors else 200)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"), keys=True)
def place(request: HttpRequest, group_id: str, venue_id: str) -> HttpResponse:
    """One card; each look is logged. Who plans also says here which meetings are held there."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    facts = queries.place(group_id=group_id, venue_id=venue_id)
    here = [each for each in meetings.series_of(group_id) if each.in_a_room]
    free = [(each.id, each.rhythm) for each in here if each.id not in facts.series]
    may_plan = who.can(Permission.MEETING_PLAN, group_id)
    form = ChooseForm(request.POST if request.POST.get("do") == "choose" else None, series=free)
    refused = ""
    if request.method == "POST":
        if not may_plan:
            raise NotHere
        try:
            if not form.is_bound or form.is_valid():
                return HttpResponseRedirect(_done(request, form, group_id, venue_id))
        except Refused as refusal:
            refused = refusal.sentence
    card, told = queries.card(by=who.id, about=venue_id, group_id=group_id, ring=who.ring, now=now)
    shown = {
        "group_id": group_id,
        "place": facts,
        "card": card,
        "told": told,
        "hours": int(meetings.place_told_before(group_id).total_seconds() // 3600),
        "meets": [each.rhythm for each in here if each.id in facts.series],
        "form": form if free else None,
        "refused": refused,
        "may_plan": may_plan,
        "back": reverse("venues:index", args=[group_id]),
    }
    return render(request, "venues/place.html", shown, status=422 if form.errors else 409 if refused else 200)


def _done(request: HttpRequest, form: ChooseForm, group_id: str, venue_id: str) -> str:
    """Do what was pressed; returns where to go then."""
    by, now = request.who.id, clock.now()  # type: ignore[attr-defined]
    where: dict[str, Any] = {"by": by, "group_id": group_id, "venue_id": venue_id, "now": now}
    if form.is_bound:
        actions.choose_place(series_id=form.cleaned_data["series_id"], **where)
        return reverse("venues:place", args=[group_id, venue_id])
    if request.POST.get("do") != "drop":
        raise NotHere
    actions.drop_place(**where)
    return reverse("venues:index", args=[group_id])
