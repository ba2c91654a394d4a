"""The level of a group, and how long it keeps things."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import actions, queries
from circlekeeper.areas.safeguards.forms import LEVEL_REASON_WORDS, LevelForm, PeriodForm
from circlekeeper.areas.safeguards.queries import LevelFact
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.SAFETY_SEE)
def level(request: HttpRequest, group_id: str) -> HttpResponse:
    """The level now, why, what it asks and spares, and what waits for a second person."""
    facts, book = groups.group(group_id), playbook.book()
    pending = queries.pending_level(group_id)
    shown: dict[str, Any] = {
        "group": facts,
        "card": book.levels.at(playbook.Level(facts.level)),
        "profile": queries.profile(group_id, clock.now()),
        "history": [_shown(fact) for fact in queries.level_history(group_id)],
        "pending": pending and _shown(pending),
        "mine": pending is not None and pending.decided_by == request.who.id,  # type: ignore[attr-defined]
        "may": request.who.can(Permission.LEVEL_SET, group_id),  # type: ignore[attr-defined]
    }
    return render(request, "safeguards/level.html", shown)


@page(needs=Permission.LEVEL_SET, methods=("GET", "POST"), step_up=True)
def change_level(request: HttpRequest, group_id: str) -> HttpResponse:
    """Choose another level; the reasons to be careful follow from the answers."""
    facts = groups.group(group_id)
    start = {"level": facts.level}
    form = LevelForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            fact = actions.set_level(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                level=form.cleaned_data["level"],
                overlays=facts.overlays,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            waits = _("This asks less of the group than before, so a second person has to agree.")
            messages.success(request, _("It holds from now on.") if fact.in_force_at else waits)
            return HttpResponseRedirect(reverse("safeguards:level", args=[group_id]))
    shown = {"group_id": group_id, "form": form}
    return render(request, "safeguards/change_level.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.LEVEL_SET, methods=("POST",), step_up=True)
def decide_level(request: HttpRequest, group_id: str) -> HttpResponse:
    """Agree to a lowering as the second person, or drop it."""
    pending = queries.pending_level(group_id)
    if pending is None:
        raise NotHere
    act = actions.approve_level if request.POST.get("do") == "agree" else actions.drop_level
    act(by=request.who.id, decision_id=pending.id, now=clock.now())  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("safeguards:level", args=[group_id]))


@page(needs=Permission.SAFETY_SEE)
def periods(request: HttpRequest, group_id: str) -> HttpResponse:
    """How long each kind of record is kept."""
    shown = {
        "group_id": group_id,
        "periods": queries.periods(group_id),
        "may": request.who.can(Permission.LEVEL_SET, group_id),  # type: ignore[attr-defined]
    }
    return render(request, "safeguards/periods.html", shown)


@page(needs=Permission.LEVEL_SET, methods=("GET", "POST"))
def change_period(request: HttpRequest, group_id: str, record: str) -> HttpResponse:
    """Choose how long one kind of record is kept."""
    fact = next((each for each in queries.periods(group_id) if each.record == record), None)
    if fact is None:
        raise NotHere
    who = sorted(str(each) for each in queries.settings_for(group_id).retention[record].set_by) or ["group"]
    form = PeriodForm(who, request.POST or None, initial={"answered_by": who[0]})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_period(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                record=record,
                keep=form.keep,
                answered_by=form.cleaned_data["answered_by"],
                now=clock.now(),
            )
        except Refused as refusal:
            form.add_error("amount", refusal.sentence)
        else:
            return HttpResponseRedirect(reverse("safeguards:periods", args=[group_id]))
    shown = {"group_id": group_id, "form": form, "period": fact}
    return render(request, "safeguards/change_period.html", shown, status=422 if form.errors else 200)


def _shown(fact: LevelFact) -> dict[str, Any]:
    names = accounts.handles([fact.decided_by, fact.second_by])
    book = playbook.book()
    return {
        "fact": fact,
        "name": book.levels.at(playbook.Level(fact.level)).title,
        "reason": LEVEL_REASON_WORDS.get(fact.reason, _("First choice")),  # type: ignore[call-overload]
        "by": names.get(fact.decided_by, ""),
        "second": names.get(fact.second_by, ""),
    }
