"""A member's own side, with their key and without an account."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from circlekeeper.areas.access import actions, queries
from circlekeeper.areas.access.forms import AskForm, CardForm, HurtsForm
from circlekeeper.areas.access.rules import ANSWER_DAYS, MANY
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.OWN, methods=("GET", "POST"))
def talk(request: HttpRequest) -> HttpResponse:
    """Write to the access lead, read the answer, end the talk (ACC2)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    form = AskForm(request.POST if request.method == "POST" and "do" not in request.POST else None)
    if request.method == "POST" and request.POST.get("do") == "end":
        actions.end_own_thread(group_id=who.group_id, member_id=who.id, now=now)
        return HttpResponseRedirect("/me/")
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            actions.ask(by=who.id, group_id=who.group_id, holder=who.member_key, words=words, now=now)
            return HttpResponseRedirect(reverse("own-access"))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    shown = {
        "form": form,
        "talk": queries.own_talk(group_id=who.group_id, member_id=who.id, holder=who.member_key),
        "has_lead": queries.has_lead(who.group_id),
    }
    return render(request, "access/own_talk.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.OWN, methods=("GET", "POST"))
def rules(request: HttpRequest) -> HttpResponse:
    """Say that a rule hurts, and read what became of others (ACC5). Nothing is kept of who said it."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    form = HurtsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.raise_rule(group_id=who.group_id, now=now, **form.cleaned_data)
            return render(request, "access/own_rules_said.html", {"days": ANSWER_DAYS})
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    shown = {"form": form, "decided": queries.decided_reviews(who.group_id), "days": ANSWER_DAYS}
    return render(request, "access/own_rules.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.OWN, methods=("GET", "POST"))
def card(request: HttpRequest) -> HttpResponse:
    """Say how one likes to be treated, or nothing (ACC4)."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = queries.own_card(group_id=who.group_id, member_id=who.id, holder=who.member_key)
    first = {name: held if name in MANY else held[0] for name, held in found.said.items()} if found else {}
    form = CardForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        actions.keep_card(by=who.id, group_id=who.group_id, holder=who.member_key, fields=form.said(), now=now)
        return HttpResponseRedirect("/me/")
    shown = {"form": form, "found": found}
    return render(request, "access/own_card.html", shown, status=422 if form.errors else 200)
