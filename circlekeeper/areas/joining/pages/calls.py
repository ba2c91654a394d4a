"""Times for a short call, offered by the team and chosen by applicants; and notes until it is decided."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import actions, queries
from circlekeeper.areas.joining.forms import ChooseForm, NoteForm, OfferForm
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


def _add(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


@page(needs=Permission.JOINING_DECIDE, methods=("GET", "POST"), keys=True)
def calls(request: HttpRequest, group_id: str) -> HttpResponse:
    """The times that are offered, who chose which, and a form to offer another one (REG7)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    zone = groups.group(group_id).time_zone
    form = OfferForm(zone_words=zone)
    here = HttpResponseRedirect(reverse("joining:calls", args=[group_id]))
    if request.method == "POST" and "take-back" in request.POST:
        actions.take_back_call(by=who.id, group_id=group_id, slot_id=request.POST["take-back"], now=now)
        return here
    if request.method == "POST":
        form = OfferForm(request.POST, zone_words=zone)
        try:
            if form.is_valid():
                actions.offer_call(by=who.id, group_id=group_id, now=now, **form.cleaned_data)
                return here
        except Refused as refusal:
            _add(form, refusal)
    aliases = roster.aliases(ring=who.ring, group_id=group_id)
    shown: dict[str, Any] = {
        "group_id": group_id,
        "form": form,
        "times": [(each, aliases.get(each.member_id, "")) for each in queries.slots(group_id, now)],
        "back": reverse("joining:applications", args=[group_id]),
    }
    return render(request, "joining/calls.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.OWN, methods=("GET", "POST"))
def choose(request: HttpRequest) -> HttpResponse:
    """An applicant chooses when they are called, with nothing but their key."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = queries.choice(group_id=who.group_id, member_id=who.id, now=now)
    times = [(each.id, each.words) for each in found.free]
    form = ChooseForm(times=times)
    if request.method == "POST" and request.POST.get("do") == "free":
        actions.free_call(by=who.id, group_id=who.group_id, now=now)
        return HttpResponseRedirect(reverse("joining:choose-call"))
    if request.method == "POST":
        form = ChooseForm(request.POST, times=times)
        try:
            if form.is_valid():
                slot_id = form.cleaned_data["slot"]
                actions.choose_call(by=who.id, group_id=who.group_id, slot_id=slot_id, now=now)
                return HttpResponseRedirect("/me/")
        except Refused as refusal:
            _add(form, refusal)
    shown = {"form": form, "found": found, "zone": groups.group(who.group_id).time_zone}
    return render(request, "joining/choose.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.JOINING_DECIDE, methods=("GET", "POST"), keys=True)
def notes(request: HttpRequest, group_id: str, application_id: str) -> HttpResponse:
    """Notes among those who decide; at levels without any there is no such page (REG7)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    if not queries.notes_allowed(group_id):
        raise NotHere
    queries.application(group_id=group_id, application_id=application_id)
    back = reverse("joining:application", args=[group_id, application_id])
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        actions.write_note(by=who.id, group_id=group_id, application_id=application_id, words=words, now=now)
        return HttpResponseRedirect(back)
    if request.method != "POST":
        held = queries.note(by=who.id, about=application_id, group_id=group_id, ring=who.ring, now=now)
        form = NoteForm(initial={"words": held})
    shown = {"form": form, "back": back}
    return render(request, "joining/notes.html", shown, status=422 if form.errors else 200)
